"""Advice on plants whose causes the test knows."""

import json

import numpy as np
import pandas as pd
import pytest

from models.recommend import RecommendationRow, recommend
from tests.models.effects.panel import Table, simulate


@pytest.fixture(scope="module")
def advised() -> tuple[dict[str, list[RecommendationRow]], dict[tuple[str, str], float]]:
    known = simulate(seed=7, enterprises=16)
    rows: dict[str, list[RecommendationRow]] = {}
    for row in recommend(known.table):
        rows.setdefault(row.enterprise_id, []).append(row)
    return rows, known.theta


def test_every_enterprise_gets_an_answer(advised) -> None:
    rows, _ = advised
    assert sorted(rows) == [f"E{i:02d}" for i in range(16)]
    assert all(len(r) <= 3 for r in rows.values())


def test_moves_go_the_way_that_the_true_effect_says(advised) -> None:
    rows, theta = advised
    moves = [r for part in rows.values() for r in part if r.rank]
    assert len(moves) >= 16
    right = [theta[(r.enterprise_id, r.parameter_id)] * (r.to - r.from_) < 0 for r in moves]
    assert np.mean(right) >= 0.95


def test_best_first_and_worth_its_cost(advised) -> None:
    rows, _ = advised
    for part in rows.values():
        nets = [r.benefit - r.cost for r in part if r.rank]
        assert nets == sorted(nets, reverse=True)
        assert all(net > 0 for net in nets)
        assert [r.rank for r in part if r.rank] == list(range(1, len(nets) + 1))


def test_effects_stand_inside_their_intervals_and_improve(advised) -> None:
    rows, _ = advised
    for row in (r for part in rows.values() for r in part if r.rank):
        assert row.effect.low <= row.effect.estimate <= row.effect.high
        better = row.effect.estimate if row.target == "ftq" else -row.effect.estimate
        assert better > 0


def test_every_part_of_a_row_tells_the_same_story(advised) -> None:
    rows, _ = advised
    for row in (r for part in rows.values() for r in part if r.rank):
        told = {e.target: e for e in row.effects}
        assert set(told) == {"ftq", "internal_loss", "external_loss", "ppm"}
        assert (told[row.target].estimate, told[row.target].low) == (row.effect.estimate, row.effect.low)
        assert all(e.low <= e.estimate <= e.high for e in told.values())
        table = row.benefit_table
        assert row.benefit_low <= row.benefit <= row.benefit_high
        assert table.avoided.estimate == pytest.approx(row.benefit)
        assert table.avoided_internal.estimate + table.avoided_external.estimate == pytest.approx(row.benefit)
        assert table.net.estimate == pytest.approx(row.benefit - row.cost)
        assert row.evidence["benchmark_parameter_id"] == "weather"
        assert row.measure[0].what == row.parameter_id


def test_every_lever_has_a_row_or_a_reason_and_several_moves_are_told_together(advised) -> None:
    rows, _ = advised
    for part in rows.values():
        shown = [r.parameter_id for r in part if r.rank]
        assert sorted(shown + [w.parameter_id for w in part[0].withheld]) == [f"lever{j}" for j in range(4)]
        assert all(r.together is None and r.withheld == () for r in part[1:])
        joint = part[0].together
        assert (joint is None) == (len(shown) < 2)
        if joint is not None:
            assert joint.parameter_ids == tuple(shown)
            best, every = max(r.benefit for r in part), sum(r.benefit for r in part)
            assert best < joint.benefit < every
            assert joint.benefit_low < joint.benefit < joint.benefit_high


def test_silence_has_a_code(advised) -> None:
    young = simulate(enterprises=3, months=14).table
    assert {r.reason_code for r in recommend(young)} == {"few_periods"}
    parameters = young.parameters.assign(kind="context")
    assert {r.reason_code for r in recommend(Table(young.frame, parameters))} == {"no_actionable"}


def test_outcomes_context_and_placebo_are_never_recommended(advised) -> None:
    rows, _ = advised
    named = [r.parameter_id for part in rows.values() for r in part if r.rank]
    assert "rework_hours" not in named
    assert "weather" not in named
    assert named.count("lever2") <= 2  # the placebo: sixteen lines at 10 %, and refuters besides


def test_json_speaks_the_documented_names(advised) -> None:
    rows, _ = advised
    row = next(r for part in rows.values() for r in part if r.rank)
    answer = json.loads(row.model_dump_json())
    documented = [
        "enterprise_id",
        "rank",
        "parameter_id",
        "from",
        "to",
        "target",
        "effect",
        "benefit",
        "cost",
        "confidence",
        "evidence",
    ]
    assert not set(documented) - set(answer)
    assert set(answer["effect"]) == {"estimate", "low", "high"}
    assert answer["confidence"] in ("strong", "fair")
    assert "任务" in answer["task"]


def only_abstains(table: Table) -> list[str]:
    rows = recommend(table)
    assert len(rows) == len({r.enterprise_id for r in rows})
    for row in rows:
        assert row.rank is None
        assert row.parameter_id is None
        assert row.effect is None
        assert row.confidence == "none"
    return [r.reason for r in rows]


def test_nothing_is_recommended_where_nothing_works() -> None:
    known = simulate(seed=11, enterprises=10, effects=(0.0, 0.0, 0.0))
    named = [r for r in recommend(known.table) if r.rank]
    assert len(named) <= 2


def test_a_plant_without_levers_is_told_so() -> None:
    table = simulate(enterprises=3, months=36).table
    parameters = table.parameters.assign(kind="context")
    assert all("actionable" in reason for reason in only_abstains(Table(table.frame, parameters)))


def test_a_short_history_is_told_so() -> None:
    assert all("periods" in reason for reason in only_abstains(simulate(enterprises=3, months=14).table))


def test_one_young_plant_among_old_ones_gets_no_advice_on_levers_it_has_hardly_moved() -> None:
    table = simulate(seed=7, enterprises=12).table
    frame = table.frame
    young = frame[(frame.enterprise_id != "E03") | (frame.t > frame.t.max() - 10)]
    row = next(r for r in recommend(Table(young, table.parameters)) if r.enterprise_id == "E03")
    assert row.rank is None
    assert "history" in row.reason


def test_moves_respect_limits_direction_and_the_range_shown() -> None:
    table = simulate(seed=7, enterprises=12).table
    parameters = table.parameters.copy()
    lever0 = parameters.parameter_id == "lever0"
    parameters.loc[lever0, "direction"] = "down"
    parameters.loc[parameters.parameter_id == "lever1", "lower"] = 9.5
    for row in recommend(Table(table.frame, parameters)):
        if row.parameter_id == "lever0":
            assert row.to < row.from_
        if row.parameter_id == "lever1":
            assert row.to >= 9.5
        if row.rank:
            low, high = row.evidence["range_shown"]
            assert low <= row.to <= high


def test_a_dear_lever_is_not_recommended() -> None:
    table = simulate(seed=7, enterprises=12).table
    dear = table.parameters.assign(cost_per_unit=1e9)
    assert all(
        "cost more than it saves" in r or "trustworthy" in r for r in only_abstains(Table(table.frame, dear))
    )


def test_without_money_on_record_levers_are_ranked_by_yield_and_no_benefit_is_invented() -> None:
    table = simulate(seed=7, enterprises=8).table
    lost = [c for c in table.frame if "loss" in c or "amount" in c]
    rows = [
        r
        for r in recommend(Table(table.frame.assign(**dict.fromkeys(lost, np.nan)), table.parameters))
        if r.rank
    ]
    assert rows
    assert all(r.benefit is None and r.payback is None for r in rows)


def test_an_unknown_enterprise_is_an_error_that_names_some() -> None:
    with pytest.raises(ValueError, match=r"'X'.*E00"):
        recommend(simulate(enterprises=3, months=24).table, ["X"])


def test_same_records_same_advice_whatever_their_order() -> None:
    table = simulate(seed=7, enterprises=8).table
    shuffled = Table(
        table.frame.sample(frac=1, random_state=1), table.parameters.sample(frac=1, random_state=1)
    )
    assert [r.model_dump() for r in recommend(table)] == [r.model_dump() for r in recommend(shuffled)]


def test_a_parameter_of_another_kind_elsewhere_is_left_alone_here() -> None:
    table = simulate(seed=7, enterprises=12).table
    parameters = table.parameters.copy()
    parameters.loc[(parameters.parameter_id == "lever0") & (parameters.enterprise_id == "E01"), "kind"] = (
        "context"
    )
    rows = recommend(Table(table.frame, parameters))
    assert not [r for r in rows if r.enterprise_id == "E01" and r.parameter_id == "lever0"]
    assert [r for r in rows if r.parameter_id == "lever0"]


def test_missing_readings_and_statements_do_not_stop_it() -> None:
    table = simulate(seed=7, enterprises=12).table
    frame, rng = table.frame.copy(), np.random.default_rng(0)
    holes = rng.random(len(frame)) < 0.15
    frame.loc[holes, ["ftq", "internal_loss", "ppm", "q.ftq_clipped", "q.internal_amount"]] = np.nan
    frame.loc[rng.random(len(frame)) < 0.1, "param.lever0.last"] = np.nan
    assert [r for r in recommend(Table(pd.DataFrame(frame), table.parameters)) if r.rank]
