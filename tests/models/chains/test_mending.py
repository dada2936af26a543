"""What mending gives, against walking every way downstream by hand; lots, against plain risk ratios."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.tables import FrameTables
from models.chains.ahead import ahead
from models.chains.carrying import Carry, carried
from models.chains.links import weights
from models.chains.lots import lot_contrasts
from models.chains.mending import Stakes, mend
from tests.models.chains.world import chain

IDS = ("a", "b", "c", "d")
ROWS = pd.DataFrame(
    [
        {"supplier_id": s, "customer_id": c, "material": "m", "share": w}
        for s, c, w in [("a", "b", 0.5), ("b", "c", 0.8), ("a", "c", 0.2), ("c", "d", 1.0)]
    ]
)


def slope(outcome, value, reason=""):
    return Carry(outcome, value, value / 2, value * 1.5, 20, 900, 0.0, reason)


def mended(carry, stakes=None, change=None):
    stakes = stakes or Stakes(np.array([1e6, 2e6, 3e6, math.nan]), np.array([10.0, 20.0, 30.0, 40.0]))
    change = np.full(4, math.log(0.5)) if change is None else change
    return dict(zip(IDS, mend(weights(IDS, ROWS), carry, stakes, change), strict=True))


CARRY = {"ftq": slope("ftq", 0.2), "internal_loss": slope("internal_loss", 0.1), "ppm": slope("ppm", 0.3)}


def test_every_tier_downstream_is_counted():
    found = mended(CARRY)["a"]
    b, c = 0.5, 0.2 + 0.3 * 0.5 * 0.8
    d = 0.3 * c
    by_hand = sum(money * (1 - 0.5 ** (0.1 * at)) for money, at in ((2e6, b), (3e6, c)))
    assert found.saved.estimate == pytest.approx(by_hand)
    assert found.rejects.estimate == pytest.approx(
        sum(units * (1 - 0.5 ** (0.2 * at)) for units, at in ((20, b), (30, c), (40, d)))
    )
    assert found.saved.low < found.saved.estimate < found.saved.high
    assert found.customers == 3
    assert mended(CARRY)["d"].customers == 0


def test_whom_nobody_buys_from_gives_nothing_and_what_is_not_shown_is_not_claimed():
    assert mended(CARRY)["d"].saved is None
    assert mended(CARRY)["c"].saved is None, "its one customer's loss is not known"
    unshown = CARRY | {"internal_loss": slope("internal_loss", 0.1, "not_shown")}
    assert mended(unshown)["a"].saved is None
    assert mended(unshown)["a"].rejects is not None
    alone = CARRY | {"ppm": slope("ppm", 0.3, "refuted")}
    assert mended(alone)["a"].customers == 2, "nothing goes on to the next tier"


def test_no_change_saves_nothing():
    assert mended(CARRY, change=np.zeros(4))["a"].saved.estimate == 0


def test_a_forecast_moves_with_what_arrives_and_only_where_it_is_shown():
    months, links = chain(0.25)
    found = carried(months, links)["ftq"]
    customer, supplier = "E004", "E003"
    yields = [{"enterprise_id": customer, "period": "2000-01", "horizon": h, "mean": 0.9} for h in (1, 2)]
    usual = math.exp(months.usual[months.ids.index(supplier)]) * 1e6
    quiet, loud = ([{"enterprise_id": supplier, "horizon": 1, "mean": times * usual}] for times in (1.0, 3.0))
    calm, worse = (ahead(months, links, found, yields, rates)[1] for rates in (quiet, loud))
    assert worse["carried"] < calm["carried"]
    more = worse["arrives"] - calm["arrives"]
    assert more == pytest.approx(0.6 * math.log(3))
    assert math.log(worse["carried"]) / math.log(0.9) == pytest.approx(
        math.exp(found.slope * worse["arrives"])
    )
    assert worse["low"] <= worse["carried"] <= worse["high"]
    hidden = Carry("ftq", 0.2, -0.1, 0.5, 20, 900, 0.0, "not_shown")
    assert ahead(months, links, hidden, yields, quiet) == []


def lots(rows):
    keys = {"enterprise_id": "X", "product_id": "P", "submission": 1}
    table = [
        keys
        | {"process_id": p, "lot_id": f"L{n}", "supplier_id": s, "submitted": n1, "passed": n1 - a}
        | {"inspected_at": pd.Timestamp(f"2025-{month:02d}-05")}
        for n, (p, month, s, n1, a) in enumerate(rows)
    ]
    return FrameTables({"inspections": pd.DataFrame(table)})


def test_lots_of_a_supplier_are_compared_within_process_and_month():
    # One stratum: the ratio is that of the shares. A second one that has no other lots says nothing.
    found = lot_contrasts(
        lots([("10", 1, "s", 100, 10), ("10", 1, None, 400, 20), ("20", 1, "s", 50, 50)]),
        date(2025, 1, 1),
        date(2025, 12, 31),
    )[("s", "X")]
    assert (found.lots, found.submitted, found.failed) == (2, 150, 60)
    assert found.ratio == pytest.approx((10 / 100) / (20 / 400))
    sd = math.sqrt(1 / 10 - 1 / 100 + 1 / 20 - 1 / 400)
    assert math.log(found.high / found.ratio) == pytest.approx(1.6448536 * sd)


def test_a_bad_month_of_everybody_is_no_suppliers_doing():
    rows = [
        ("10", 1, "s", 1000, 10),
        ("10", 1, "o", 1000, 10),
        ("10", 2, "s", 1000, 200),
        ("10", 2, "o", 100, 20),
    ]
    found = lot_contrasts(lots(rows), date(2025, 1, 1), date(2025, 12, 31))
    assert found[("s", "X")].ratio == pytest.approx(1.0)
    assert found[("s", "X")].low < 1 < found[("s", "X")].high
    assert lot_contrasts(lots(rows), date(2026, 1, 1), date(2026, 12, 31)) == {}
