"""Assessment of whole tables: layout, order, limits, and the real plants."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from features.capability import capability
from features.tables import FrameTables


def tables(measurements, characteristics):
    return FrameTables(
        {
            "measurements": pd.DataFrame(measurements).assign(enterprise_id="E"),
            "characteristics": pd.DataFrame(characteristics).assign(enterprise_id="E"),
        }
    )


def values(name, numbers, subgroup="", day=1, minutes=1):
    start = datetime(2025, 1, day)
    return [
        {
            "characteristic_id": name,
            "measured_at": start + timedelta(minutes=minutes * k),
            "value": value,
            "subgroup_id": subgroup,
            "piece": k + 1,
        }
        for k, value in enumerate(numbers)
    ]


def test_order_of_rows_never_matters(plants):
    given = {name: plants[name] for name in ("measurements", "characteristics")}
    shuffled = given | {"measurements": given["measurements"].sample(frac=1, random_state=3)}
    expected = capability(FrameTables(given))
    pd.testing.assert_frame_equal(capability(FrameTables(shuffled)), expected, rtol=1e-12)


def test_every_listed_characteristic_has_a_row_measured_or_not():
    rows = values("C2", [1.0, 2.0, 4.0])
    limits = [{"characteristic_id": name, "usl": 9.0} for name in ("C1", "C2", "C3")]
    found = capability(tables(rows, limits))
    assert found["characteristic_id"].tolist() == ["C1", "C2", "C3"]
    assert found["n"].tolist() == [0, 3, 0]
    assert found["cpk"].notna().tolist() == [False, True, False]
    assert not found["key"].any()


def test_subgroups_are_kept_together_although_their_times_overlap():
    a, b = values("C", [1.0, 3.0], "A", minutes=10), values("C", [11.0, 13.0], "B", minutes=12)
    found = capability(tables(a + b, [{"characteristic_id": "C", "usl": 99.0}])).iloc[0]
    assert (found["subgroups"], found["sd_within"]) == (2, pytest.approx(np.sqrt(2)))


def test_pieces_of_one_time_without_an_id_are_one_subgroup():
    rows = values("C", [1.0, 3.0, 5.0], minutes=0) + values("C", [1.0, 3.0, 5.0], day=2, minutes=0)
    found = capability(tables(rows, [{"characteristic_id": "C", "usl": 99.0}])).iloc[0]
    assert (found["subgroups"], found["sd_within"]) == (2, pytest.approx(2.0))


def test_only_the_days_asked_for_are_read():
    rows = values("C", [1.0, 2.0, 3.0]) + values("C", [50.0, 60.0], day=9)
    listed = [{"characteristic_id": "C", "usl": 99.0}]
    found = capability(
        tables(rows, listed), since=datetime(2025, 1, 1).date(), until=datetime(2025, 1, 8).date()
    )
    assert (found["n"].iloc[0], found["mean"].iloc[0]) == (3, 2.0)


def test_the_family_is_the_enterprise():
    """The same wobble counts alone and may be chance among two hundred."""
    rng = np.random.default_rng(0)
    wobble = rng.normal(size=40) + np.linspace(-0.95, 0.95, 40)
    rows = values("C000", wobble)
    for k in range(1, 200):
        rows += values(f"C{k:03d}", rng.normal(size=40))
    listed = [{"characteristic_id": f"C{k:03d}", "usl": 9.0} for k in range(200)]
    alone = capability(tables(rows[:40], listed[:1]))
    among = capability(tables(rows, listed))
    assert not alone["stable"].iloc[0]
    assert among["stable"].all()
    assert alone["drift"].iloc[0] == among["drift"].iloc[0]
