"""Advice never names a parameter that looks like an outcome, and says that it looks like one."""

from dataclasses import replace

import pytest

from models.effects.roles import suspected_outcomes
from models.recommend import RecommendationRow, recommend
from models.recommend.suspects import with_suspects
from tests.models.effects.panel import simulate


@pytest.fixture(scope="module")
def lost():
    """A synthetic sector whose roles were all stated `actionable`."""
    table = simulate(seed=3, months=48).table
    return replace(table, parameters=table.parameters.assign(kind="actionable"))


@pytest.fixture(scope="module")
def advice(lost) -> list[RecommendationRow]:
    return recommend(lost, top=5)


def test_an_outcome_that_was_called_a_lever_is_never_recommended(advice) -> None:
    assert [row for row in advice if row.rank]
    assert not [row for row in advice if row.parameter_id == "rework_hours"]


def test_a_lever_that_does_nothing_is_never_recommended(advice) -> None:
    assert not [row for row in advice if row.parameter_id == "lever2"]


def test_the_first_row_of_every_enterprise_says_so(advice) -> None:
    firsts = [row for row in advice if row.rank in (None, 1)]
    for row in firsts:
        (named,) = row.evidence["suspected_outcomes"]
        assert named["parameter_id"] == "rework_hours"
        assert [w.reason_code for w in row.withheld if w.parameter_id == "rework_hours"] == [
            "suspected_outcome"
        ]
    assert not [r for r in advice if (r.rank or 1) > 1 and "suspected_outcomes" in r.evidence]


def test_an_enterprise_with_nothing_but_suspects_abstains_for_that_reason(lost) -> None:
    suspects = suspected_outcomes(lost)
    silent = RecommendationRow(enterprise_id="E00", rank=None, parameter_id=None, reason_code="no_actionable")
    (row,) = with_suspects([silent], suspects)
    assert (row.reason_code, row.reason_parameter_id) == ("suspected_outcome", "rework_hours")
    assert with_suspects([silent], []) == [silent]
