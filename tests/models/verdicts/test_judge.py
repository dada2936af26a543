"""Verdicts on a small world: what was planted is found, what cannot be told says why, nothing is invented."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.verdicts import judge_actions
from models.verdicts.adjusting import Readings
from models.verdicts.judge import Bench, _word
from models.verdicts.rows import LeverSeen, VerdictRow
from models.verdicts.windows import window_of


@pytest.fixture(scope="module")
def quiet(judges):
    """A plant and days at which a sham can be judged: nothing else was done around them."""
    from models.verdicts.windows import Act

    for enterprise in sorted({name for _, name in judges._lines}):
        for year in (2023, 2024):
            act = Act(
                "sham", enterprise, "sham", None, None, None, date(year, 3, 2), date(year, 5, 1), "done"
            )
            row = judges.judge(act)
            if {"ftq", "ppm"} <= {effect.target for effect in row.effects} and row.periods_seen == 12:
                return act, row
    pytest.fail("no quiet stretch in this world: choose another seed")


def test_a_planted_effect_is_found_and_counted_in_the_unit(judges, quiet, monkeypatch):
    """An eighth of the failures after the finish is found as such; the estimate moves by what was planted."""
    act, before = quiet
    bench = judges._bench(act, "ftq")
    window = window_of(act, judges.acts, bench.lines)
    links = bench.lines.links.copy()
    links[window.line, window.finish : window.end] += 3 * np.log(0.5)
    lines = replace(bench.lines, links=links)
    planted = Bench(replace(bench.adjusted, lines=lines), judges.acts)
    monkeypatch.setitem(judges._made, id(judges._lines["ftq", act.enterprise_id]), planted)
    after = judges.judge(act)
    seen, was = ({e.target: e for e in row.effects}["ftq"] for row in (after, before))
    assert (after.verdict, after.target) == ("worked", "ftq")
    assert seen.link_estimate == pytest.approx(was.link_estimate + 3 * np.log(0.5), abs=0.25)
    assert seen.estimate > 0
    assert seen.low <= seen.estimate <= seen.high
    assert after.chance_it_helped > 0.95


def test_money_is_what_the_loss_rate_says(quiet):
    _, row = quiet
    assert row.money.low <= row.money.estimate <= row.money.high


def test_every_finished_action_gets_one_row_and_a_reason_where_none_can_be_told(judges):
    finished = [act for act in judges.acts if act.status == "done"]
    rows = [judges.judge(act) for act in finished]
    assert len(rows) > 5
    assert all((row.verdict == "cannot be told") == (row.reason_code is not None) for row in rows)
    assert all(bool(row.effects) or row.verdict in ("cannot be told", "too early") for row in rows)
    assert VerdictRow.model_validate(rows[0].model_dump()) == rows[0]


@pytest.mark.parametrize(
    ("status", "finished", "reason"),
    [
        ("doing", None, "not_finished"),
        ("dropped", "2024-02-01", "not_finished"),
        ("done", None, "no_finish_date"),
    ],
)
def test_unfinished_ones_are_not_judged(judges, act, status, finished, reason):
    row = judges.judge(act(enterprise="E0001", status=status, finished=finished))
    assert (row.verdict, row.reason_code) == ("cannot be told", reason)


def test_a_plant_without_records_is_said_to_have_none(judges, act):
    assert judges.judge(act(enterprise="nobody")).reason_code == "no_records"


def test_just_finished_is_too_early(judges, act):
    late = act(enterprise="E0001", started="2025-10-05", finished="2025-11-01")
    found = [judges.judge(replace(late, enterprise_id=f"E{i:04d}")) for i in range(1, 13)]
    assert {"too early"} <= {row.verdict for row in found}
    assert all(not row.effects for row in found if row.verdict == "too early")


def test_naming_one_judges_that_one(judges):
    table = judges._table
    import pandas as pd

    frame = pd.DataFrame([vars(act) for act in judges.acts])
    wanted = next(act.action_id for act in judges.acts if act.status == "doing" or act.status == "dropped")
    assert [row.action_id for row in judge_actions(table, frame, [wanted])] == [wanted]


def test_an_outcome_is_never_taken_off(judges):
    lines = judges._lines["ftq", "E0001"]
    parameters = judges._table.parameters
    readings = Readings.of(lines, judges._table.frame, parameters)
    outcomes = set(parameters.loc[parameters["kind"] == "outcome", "parameter_id"])
    assert outcomes
    assert not outcomes & set(readings.names)
    assert {0.0, 1.0} == set(readings.levers)


def test_the_lever_that_was_moved_keeps_its_part(judges):
    bench = judges._bench(next(a for a in judges.acts if a.enterprise_id == "E0001"), "ftq")
    lever = next(
        n
        for n, people in zip(bench.adjusted.readings.names, bench.adjusted.readings.levers, strict=True)
        if people
    )
    own = [name == lever for name in bench.adjusted.readings.names]
    kept = bench.adjusted.keeping(0, lever) - bench.adjusted.by_all.links[0]
    known = np.isfinite(kept)
    np.testing.assert_allclose(kept[known], bench.adjusted.told[0][:, own].sum(axis=1)[known], atol=1e-12)


def test_the_promised_indicator_decides(verdict):
    ftq = verdict().effects[0]
    ppm = ftq.model_copy(update={"target": "ppm", "p_value": 0.001, "link_estimate": 0.3})
    both = {"ftq": ftq.model_copy(update={"p_value": 0.08}), "ppm": ppm}
    assert _word(both, "ftq") == ("worked", "ftq")
    assert _word(both, None) == ("made worse", "ppm")
    assert _word({"ftq": both["ftq"]}, None) == ("worked", "ftq")
    weak = {name: one.model_copy(update={"p_value": 0.08}) for name, one in both.items()}
    assert _word(weak, None)[0] == "no sign of it"
    young = {name: one.model_copy(update={"periods": 4}) for name, one in weak.items()}
    assert _word(young, None)[0] == "too early"


def test_levers_that_moved_are_told_from_those_that_did_not(judges):
    moved = [row.lever.moved for act in judges.acts if act.parameter_id and act.status == "done"
             if (row := judges.judge(act)).lever]  # fmt: skip
    assert moved.count("yes") >= moved.count("no")
    assert all(isinstance(row, str) for row in moved)


def test_a_lever_that_stood_still_says_so():
    from models.verdicts.first_stage import _seen

    rng = np.random.default_rng(0)
    still = _seen(rng.normal(10, 0.1, 12), rng.normal(10, 0.1, 12), intended=2.0)
    gone = _seen(rng.normal(10, 0.1, 12), rng.normal(12, 0.1, 12), intended=2.0)
    assert (still.moved, gone.moved) == ("no", "yes")
    assert gone.share == pytest.approx(1.0, abs=0.1)
    assert isinstance(gone, LeverSeen)
