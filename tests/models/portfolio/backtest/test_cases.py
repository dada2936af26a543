"""Counts of a forecast that is written down, group by group."""

import numpy as np
import pandas as pd
import pytest

from models.portfolio.backtest.cases import FORECASTERS, cases_of
from models.portfolio.backtest.forecasts import Forecast
from models.portfolio.backtest.groups import Register, register_of
from models.portfolio.backtest.past import from_rows
from models.portfolio.firsts import NEVER

BEGIN, MONTHS, ORIGIN = 24_000, 18, 9
NAMES = tuple(f"E{row}" for row in range(12))


@pytest.fixture(scope="module")
def cases():
    """Of twelve enterprises on level 1, E0 to E2 come to level 2 one, four and five months later."""
    rows = []
    for row, name in enumerate(NAMES):
        came = (1, 4, 5)[row] if row < 3 else 99
        rows += [(name, BEGIN + at, *[1 + (at >= ORIGIN + came)] * 2) for at in range(MONTHS)]
    past = from_rows(pd.DataFrame(rows, columns=["enterprise_id", "month", "grade", "performance"]))
    first = np.full((4, 12, 4), NEVER, dtype=np.uint8)
    first[0, 0] = [1, 2, 3, 4]
    first[0, 5, :2] = 6
    firsts = {"grade": first, "performance": first}
    size = np.array(["small"] * 5 + ["large"] * 6 + ["micro"])
    register = Register(np.full(12, "330100"), np.full(12, "34"), size)
    return cases_of(past, register, Forecast(BEGIN + ORIGIN, 12, firsts, (None,) * 12))


def of(cases, **wanted):
    rows = cases.counts
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    return rows


def test_months_that_have_not_come_are_not_judged(cases):
    assert set(cases.counts["ahead"]) == {3, 6}


def test_counts_of_everybody(cases):
    (row,) = of(cases, reading="grade", kind="all", level=2, ahead=3).to_dict("records")
    assert (row["open"], row["came"]) == (12, 1)
    assert row["joint"] == row["coins"] == pytest.approx(0.75)
    (row,) = of(cases, reading="grade", kind="all", level=2, ahead=6).to_dict("records")
    assert (row["came"], row["joint"]) == (3, pytest.approx(1.5))
    # Paths count 2, 2, 1, 1; what came, 3, lies above them all.
    assert row["variance"] == pytest.approx(0.25)
    assert (row["low"], row["high"]) == (1.0, 1.0)
    assert row["joint.crps"] == pytest.approx(1.5 - 0.25)
    assert row["persistence.crps"] == 3.0


def test_groups_are_those_of_five_or_more_that_are_not_everybody(cases):
    found = of(cases, reading="grade", level=2, ahead=6)
    assert sorted(zip(found["kind"], found["group"], strict=True)) == [
        ("all", ""), ("size", "large"), ("size", "small"),
    ]  # fmt: skip
    assert found.set_index("group")["came"].to_dict() == {"": 3, "large": 0, "small": 3}


def test_targets_do_not_depend_on_the_forecast_that_is_judged(cases):
    asked = cases.targets[(cases.targets["kind"] == "all") & (cases.targets["level"] == 2)]
    assert set(asked["count"]) == {1}  # the chain has seen nobody move
    assert asked["markov"].max() == 0.0
    assert asked.set_index(["reading", "ahead"])["met"]["grade", 3]
    assert set(FORECASTERS) <= set(asked.columns)


def test_who_has_no_state_is_not_held(cases):
    assert of(cases, reading="held")["came"].sum() == 0


def test_a_register_in_another_order_with_blanks():
    rows = pd.DataFrame(
        {
            "enterprise_id": ["B", "A"],
            "region_code": [None, "330100"],
            "industry_code": ["C3484", None],
            "size": ["small", None],
        }
    )
    found = register_of(rows, ("A", "B", "C"))
    assert found.region.tolist() == ["330100", "", ""]
    assert found.division.tolist() == ["", "34", ""]
    assert found.size.tolist() == ["", "small", ""]
