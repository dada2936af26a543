"""Two real plants, from their record tables to forecast and advice, through the command alone.

The tables lie in ../shared/real beside the project and are not part of it; where that folder is absent these
tests say so, and the simulated province of the other tests stands in.
"""

import json
from pathlib import Path

import pytest

from tests import command

REAL = Path(__file__).parents[3] / "shared" / "real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not REAL.exists(), reason=f"{REAL} is not on this machine: no real plants, only simulated ones"
    ),
]


@pytest.fixture(scope="module")
def zhuoyue(tmp_path_factory):
    home = tmp_path_factory.mktemp("real")

    def run(*words: str) -> list | dict:
        done = command.zhuoyue(*words, "--format", "json", ZHUOYUE_HOME=home, ZHUOYUE_QUIET="1")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    rows = run("import", str(REAL / "pharma"), str(REAL / "flotation"))
    counts = {row["table"]: row["new"] for row in rows}
    assert counts["process_data"] == 52_702 + 82_908
    assert counts["measurements"] == 1_005 + 3_948
    run("train")
    return run


def test_the_official_grade_says_what_was_never_supplied(zhuoyue):
    grades = {grade["enterprise_id"]: grade for grade in zhuoyue("grade")}
    assert set(grades) == {"PHARMA", "FLOTATION"}
    for grade in grades.values():
        assert grade["status"] == "incomplete"
        assert grade["level"] is None
        assert grade["indicators"]["ftq"]["status"] == "measured"
        assert grade["indicators"]["internal_loss"]["status"] == "not_supplied"


def test_pharma_has_a_forecast_for_the_plant_and_for_each_living_product(zhuoyue):
    rows = [row for row in zhuoyue("forecast", "--enterprise", "PHARMA") if row["target"] == "ftq"]
    assert {row["horizon"] for row in rows} == set(range(1, 13))
    made_in_the_last_twelve_months = {"13", "15", "17", "21", "23"}
    assert {row["product_id"] for row in rows} == {None, *made_in_the_last_twelve_months}
    assert {row["origin"] for row in rows} == {"2021-03"}  # April 2021 holds the first days only
    for row in rows:
        values = list(row["quantiles"].values())
        assert values == sorted(values)
        assert 0.5 < row["mean"] <= 1.0


def test_flotation_is_forecast_by_the_day(zhuoyue):
    rows = [row for row in zhuoyue("forecast", "--enterprise", "FLOTATION") if row["target"] == "ftq"]
    assert [len(row["period"]) for row in rows] == [len("2017-09-10")] * 12
    assert all(0.0 <= row["quantiles"]["0.05"] <= row["mean"] <= 1.0 for row in rows)


def test_drivers_add_up_to_the_forecast(zhuoyue):
    rows = [row for row in zhuoyue("drivers", "--enterprise", "PHARMA") if row["product_id"] is None]
    for horizon in range(1, 13):
        mine = [row for row in rows if row["horizon"] == horizon]
        total = sum(row["contribution"] for row in mine)
        assert total == pytest.approx(mine[0]["forecast"] - mine[0]["baseline"], abs=1e-9)


@pytest.mark.parametrize("enterprise", ["PHARMA", "FLOTATION"])
def test_advice_is_either_judged_or_declined_with_a_reason(zhuoyue, enterprise):
    for row in zhuoyue("recommend", "--enterprise", enterprise):
        if row["confidence"] == "none":
            assert row["reason"]
            assert row["parameter_id"] is None
        else:
            assert row["effect"]["low"] <= row["effect"]["estimate"] <= row["effect"]["high"]
