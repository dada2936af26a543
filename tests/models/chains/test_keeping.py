"""What is kept of a plant's last year, and of its best one."""

import numpy as np
import pandas as pd
import pytest

from models.chains.carrying import Carry, carried
from models.chains.keeping import Chains
from models.chains.links import Links
from models.chains.months import months_of
from models.chains.plants import plants_of
from tests.models.chains.world import frame_of

UNITS = 200_000


def plants(rate: np.ndarray):
    flat = np.full_like(rate, 0.9)
    frame = frame_of(np.nan_to_num(rate), flat, np.full_like(rate, 0.01), units=UNITS)
    missing = np.isnan(rate).ravel()
    frame.loc[missing, ["q.units", "q.nonconforming"]] = np.nan
    return plants_of(months_of(frame))


def test_the_best_year_is_a_whole_one():
    rate = np.full((30, 2), 0.02)
    rate[2:14, 0] = 0.005
    rate[:, 1] = np.nan
    rate[-3:, 1] = 0.001
    found = plants(rate)
    assert found["E000"]["best_ppm"] == pytest.approx(5000, rel=0.02)
    assert found["E000"]["ppm"] == pytest.approx(20_000, rel=0.02)
    assert found["E000"]["ftq"] == pytest.approx(0.9)
    assert found["E000"]["failures"] == pytest.approx(0.1 * 12 * UNITS)
    assert found["E000"]["internal"] == pytest.approx(12 * 1e5)
    assert found["E001"]["ppm"] == pytest.approx(1000, rel=0.1), "what is known of the year"
    assert np.isnan(found["E001"]["best_ppm"]), "three months are no year"
    assert np.isnan(found["E001"]["deviation"])


def test_few_months_are_kept_as_unknown():
    assert np.isnan(plants(np.full((5, 1), 0.01))["E000"]["ppm"])


def test_without_a_monthly_row_there_is_nothing_and_no_error():
    frame = frame_of(np.full((3, 2), 0.01), np.full((3, 2), 0.9), np.full((3, 2), 0.01))
    months = months_of(frame[:0])
    assert (plants_of(months), months.ids) == ({}, ())
    links = Links((), pd.DataFrame(columns=["supplier_id", "customer_id", "material", "share"]))
    assert {one.reason for one in carried(months, links).values()} == {"few_customers"}


def test_mending_counts_only_those_who_are_asked_about():
    carry = {name: Carry(name, 0.2, 0.1, 0.3, 20, 900, 0.0, "") for name in ("ftq", "internal_loss", "ppm")}
    own = {"internal": 1e6, "failures": 10.0, "ppm": 400.0, "best_ppm": 100.0}
    links = [
        {"supplier_id": "a", "customer_id": name, "material": "m", "share": 0.5, "lots": None}
        for name in "xy"
    ]
    chains = Chains("2025-12", carry, dict.fromkeys("axy", own), links)
    both, one = chains.mended(["a", "x", "y"])["a"], chains.mended(["a", "x"])["a"]
    assert both.saved.estimate == pytest.approx(2 * one.saved.estimate)
    assert one.saved.estimate == pytest.approx(1e6 * (1 - 0.5 ** (0.2 * 0.5)))
    best = chains.mended(["a", "x"], to_best=True)["a"]
    assert best.change == pytest.approx(np.log(100 / 400), rel=1e-3)
    assert set(chains.mended(["x", "y"])) == set(), "whose supplier is not asked about"
