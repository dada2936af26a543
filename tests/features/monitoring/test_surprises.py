"""From records to a warning: lots of a process, month by month, and what the chart marks in the last one."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from features.monitoring import surprises
from features.settings import Settings
from features.store import Store

LOTS, SIZE = 8, 200
TODAY = date(2025, 2, 3)


def records(folder, bad_in_january, measured_in_january=0.0, last_day=31):
    """Thirteen months of one plant: two processes, a characteristic measured in fives, deliveries."""
    rng = np.random.default_rng(11)
    tables = {
        "enterprises": ["enterprise_id,name", "E1,One"],
        "products": ["enterprise_id,product_id", "E1,P1"],
        "processes": [
            "enterprise_id,product_id,process_id,seq,name",
            "E1,P1,10,1,Turning",
            "E1,P1,20,2,Testing",
        ],
        "characteristics": ["enterprise_id,characteristic_id,product_id,lsl,usl", "E1,C1,P1,9,11"],
        "inspections": [
            "enterprise_id,product_id,process_id,lot_id,inspected_at,submitted,passed,submission"
        ],
        "measurements": ["enterprise_id,characteristic_id,measured_at,value,subgroup_id,piece"],
        "deliveries": ["enterprise_id,product_id,period,units,nonconforming"],
    }
    for at in range(13):
        month = date(2024 + at // 12, at % 12 + 1, 1)
        january = month == date(2025, 1, 1)
        for lot in range(LOTS):
            day = datetime.combine(month, datetime.min.time()) + timedelta(days=lot * 3, hours=8)
            if january and day.day > last_day:
                continue
            for process in (10, 20):
                rate = bad_in_january if january and process == 20 else 0.03
                passed = SIZE - rng.binomial(SIZE, rate)
                tables["inspections"].append(f"E1,P1,{process},L{at}-{lot},{day},{SIZE},{passed},1")
            level = 10 + (measured_in_january if january else 0.0)
            for piece in range(5):
                value = round(float(rng.normal(level, 0.1)), 4)
                tables["measurements"].append(f"E1,C1,{day},{value},S{at}-{lot},{piece + 1}")
        if not january:
            tables["deliveries"].append(
                f"E1,P1,{month:%Y-%m},{LOTS * SIZE},{rng.binomial(LOTS * SIZE, 0.005)}"
            )
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def found(tmp_path):
    def look(today=TODAY, **changes):
        folder = tmp_path / "tables"
        folder.mkdir()
        with Store.open(Settings(home=tmp_path / "home", threads=1)) as store:
            store.import_paths([records(folder, **changes)])
            return surprises(store, today)

    return look


def test_nothing_is_said_of_a_plant_in_which_nothing_changes(found):
    said, examined = found(bad_in_january=0.03)
    assert said == []
    assert examined.months == {"E1": "2025-01"}
    assert examined.tested == 4  # two processes, level and spread of the characteristic
    assert examined.too_short == 0


def test_a_process_that_fails_more_is_said_with_what_its_chart_marks(found):
    (one,), _ = found(bad_in_january=0.12)
    assert (one.enterprise_id, one.chart, one.subject, one.product_id) == ("E1", "process", "20", "P1")
    assert (one.period, one.up) == ("2025-01", True)
    assert one.adjusted <= 0.01
    assert one.marks.points == LOTS
    assert one.marks.beyond >= 3
    assert 1 in one.marks.rules


def test_a_process_that_fails_less_is_not_warned_of(found):
    assert found(bad_in_january=0.0)[0] == []


def test_a_characteristic_that_lies_lower_is_said(found):
    (one,), _ = found(bad_in_january=0.03, measured_in_january=-0.15)
    assert (one.chart, one.subject, one.up, one.marks.kind) == ("level", "C1", False, "xbar")


def test_a_month_that_still_runs_is_not_judged_as_a_whole(found):
    said, _ = found(today=date(2025, 1, 20), bad_in_january=0.08, last_day=20)
    assert [one for one in said if one.test == "shift"] == []
