"""A what-if from kept files says what the plans' own code says from everything in memory."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from features.model_table import build_model_table
from features.store import Store
from models.attainment.chances import Chances
from models.attainment.start import start
from models.effects import readings_per_period
from models.forecast import load_champion
from models.outlook import Outlook
from models.plans.asked import read
from models.plans.grounds import Grounds, grounds_of
from models.plans.plan import search_for
from models.plans.rows import Goal
from models.plans.trial import NEVER
from models.portfolio.horizon import FAR
from models.recommend.advice import fitted
from models.recommend.money import benefit
from models.what_if.answering import WhatIfError, levers_of, what_if
from models.what_if.files import Plants, write_plants
from models.what_if.keeping import FACTS, FOLDER, SHARED
from models.what_if.kept import Kept
from models.what_if.rows import Move
from qm_rules.rulebook import HIGHEST
from tests.serving import province


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return province.with_model(tmp_path_factory)


@pytest.fixture(scope="module")
def folder(settings) -> Path:
    return Outlook.load(settings).folder


@pytest.fixture(scope="module")
def kept(folder) -> Kept:
    return Kept(folder)


@pytest.fixture(scope="module")
def grounds(settings) -> Grounds:
    """What `zhuoyue plan` rests on, made anew from the records and the model."""
    with Store.open(settings) as store:
        table = build_model_table(store)
        found = fitted(table, readings_per_period(store))
        names = sorted(set(table.frame["enterprise_id"]))
        rows = found.advise(names, top=20)
        return grounds_of(store, load_champion(settings), table, found.model, rows, names)


def advised(grounds: Grounds) -> list[str]:
    return [name for name in grounds.chosen_by.sample.enterprise_ids if grounds.actions(name)]


def moves_of(grounds: Grounds, name: str) -> list[Move]:
    return [Move(parameter_id=a.parameter_id, to=a.after) for a in grounds.actions(name)]


def planned(grounds: Grounds, name: str, start: int) -> tuple[dict[str, Chances], float | None]:
    """Chances of the plan's own trial with every action begun in one month, and what they avoid."""
    actions = grounds.actions(name)
    origin = int(grounds.chosen_by.sample.origin[grounds.row(name)])
    by = f"{(origin + 12) // 12}-{(origin + 12) % 12 + 1:02d}"
    asked = read(Goal(enterprise_id=name, level=HIGHEST, by=by, probability=0.8), grounds)
    trial = search_for(grounds, asked, actions).chosen_by
    starts = np.stack([np.full(len(actions), NEVER), np.full(len(actions), start)])
    losses = grounds.losses(name)
    does = grounds.together(name, {a.parameter_id: a.move for a in actions})
    worth = float(benefit(losses, np.array(does.failing.mean), np.array(does.escape.mean)))
    return trial.chances(starts), worth if losses.known else None


@pytest.mark.parametrize("start", [0, 4])
def test_the_answer_is_that_of_plans(grounds: Grounds, kept: Kept, start: int) -> None:
    assert len(advised(grounds)) >= 4
    for name in advised(grounds):
        months, _ = planned(grounds, name, start)
        plant = kept.plant(name)
        begin = what_if(plant, []).futures[0].before[start].period
        answer = what_if(plant, moves_of(grounds, name), begin)
        assert not answer.refused, name
        for future in answer.futures:
            chances = months[future.scope]
            for row, told in ((0, future.before), (1, future.after)):
                assert [list(m.probabilities.values()) for m in told] == chances.exactly[row].tolist()
                assert [list(m.reached_by.values()) for m in told] == chances.reached[row, :, 1:].tolist()
                assert [list(m.held_for_three.values()) for m in told] == chances.kept[row, :, 1:].tolist()


def test_money_is_that_of_plans_and_its_interval_holds_it(grounds: Grounds, kept: Kept) -> None:
    for name in advised(grounds):
        _, worth = planned(grounds, name, 0)
        answer = what_if(kept.plant(name), moves_of(grounds, name))
        cost = sum(action.cost for action in grounds.actions(name))
        assert answer.cost == pytest.approx(cost)
        if worth is None:
            assert answer.benefit is answer.net is None
        else:
            assert answer.benefit is not None
            assert answer.net is not None
            assert answer.benefit.estimate == pytest.approx(worth, rel=1e-9)
            assert answer.benefit.low < worth < answer.benefit.high
            assert answer.net.estimate == pytest.approx(worth - cost)


def test_one_recommended_move_is_worth_what_the_recommendation_says(settings, kept: Kept) -> None:
    rows = [row for row in Outlook.load(settings).recommendations() if row["rank"] == 1]
    assert rows
    for row in rows:
        answer = what_if(
            kept.plant(row["enterprise_id"]), [Move(parameter_id=row["parameter_id"], to=row["to"])]
        )
        assert answer.moves[0].from_ == pytest.approx(row["from"])
        assert {e.target for e in answer.effects} == {e["target"] for e in row["effects"]}
        told = {e["target"]: e for e in row["effects"]}
        for effect in answer.effects:
            assert effect.estimate == pytest.approx(told[effect.target]["estimate"], rel=1e-6)
            assert effect.low == pytest.approx(told[effect.target]["low"], rel=1e-6)
        if row["benefit"] is not None and answer.benefit is not None:
            assert answer.benefit.estimate == pytest.approx(row["benefit"], rel=1e-6)


def test_leaving_alone_is_the_published_attainment(settings, kept: Kept) -> None:
    rows = Outlook.load(settings).attainment("E0003")
    window = {r["period"]: r["probabilities"] for r in rows if r["basis"] == "window"}
    future = next(f for f in what_if(kept.plant("E0003"), []).futures if f.scope == "grade")
    assert {m.period: m.probabilities for m in future.before} == window
    assert future.after == future.before


def test_where_a_lever_stands_is_no_move(kept: Kept) -> None:
    plant = kept.plant("E0003")
    still = [
        Move(parameter_id=one.parameter_id, to=one.now) for one in levers_of(plant) if one.now is not None
    ]
    answer = what_if(plant, still)
    assert still
    assert (answer.moves, answer.refused) == ((), ())
    assert answer.cost == 0.0


def test_a_lever_that_nobody_can_vouch_for_is_not_counted(kept: Kept) -> None:
    for name in ("E0001", "E0002", "E0004"):
        plant = kept.plant(name)
        doubtful = [one for one in levers_of(plant) if one.confidence == "none" and one.high is not None]
        assert doubtful
        answer = what_if(plant, [Move(parameter_id=one.parameter_id, to=one.high) for one in doubtful])
        told = {one.parameter_id: one.reason_code for one in answer.refused}
        assert told == {one.parameter_id: one.reason_code for one in doubtful}
        assert answer.futures[0].after == answer.futures[0].before


def test_beyond_what_the_line_has_shown_is_said_and_farther_is_refused(kept: Kept) -> None:
    plant = kept.plant("E0003")
    lever = next(
        one
        for one in levers_of(plant)
        if one.confidence != "none" and one.most is not None and one.high is not None and one.most > one.high
    )
    inside, beyond = what_if(plant, [_to(lever, lever.high)]), what_if(plant, [_to(lever, lever.most)])
    assert [m.beyond for m in inside.moves] == [False]
    assert [m.beyond for m in beyond.moves] == [True]
    outside = what_if(plant, [_to(lever, lever.most + 1.0)])
    assert [(r.reason_code, r.allowed) for r in outside.refused] == [
        ("out_of_reach", (lever.least, lever.most))
    ]


def test_a_smaller_move_does_less(kept: Kept) -> None:
    plant = kept.plant("E0003")
    lever = next(one for one in levers_of(plant) if one.confidence != "none")
    end = lever.high if lever.high - lever.now > lever.now - lever.low else lever.low
    whole, half = (
        what_if(plant, [_to(lever, lever.now + share * (end - lever.now))]) for share in (1.0, 0.25)
    )
    assert abs(half.effects[0].estimate) < abs(whole.effects[0].estimate)
    assert half.effects[0].high - half.effects[0].low < whole.effects[0].high - whole.effects[0].low


@pytest.mark.parametrize("start", ["2001-01", "next", "2999-13"])
def test_a_month_without_forecasts_is_refused_with_those_that_have_them(kept: Kept, start: str) -> None:
    with pytest.raises(WhatIfError, match=r"allowed: \d{4}-\d\d to \d{4}-\d\d"):
        what_if(kept.plant("E0001"), [], start)


def test_somebody_elses_lever_is_refused(kept: Kept) -> None:
    with pytest.raises(WhatIfError, match="'warp_drive'"):
        what_if(kept.plant("E0001"), [Move(parameter_id="warp_drive", to=9.0)])


def test_nothing_that_is_kept_is_a_pickle(folder: Path) -> None:
    with np.load(folder / "what_if" / "shared.npz", allow_pickle=False) as numbers:
        assert all(numbers[name].dtype.kind in "fiub" for name in numbers.files)
    json.loads((folder / "what_if" / "shared.json").read_text(encoding="utf-8"))
    assert sorted(p.suffix for p in (folder / "what_if").iterdir()) == [".arrow", ".json", ".npz"]


def test_ragged_rows_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [(f"P{i:04d}", json.dumps({"i": i}), {"a": np.arange(i % 5) + 0.5}) for i in range(1300)]
    rows[7] = ("P0007", "{}", {"b": np.array([np.nan, -1.0])})
    write_plants(tmp_path / "plants.arrow", rows)
    found = Plants(tmp_path / "plants.arrow")
    assert "P1299" in found
    assert "P1300" not in found
    assert found.numbers("P1299")["a"].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert len(found.numbers("P1299")["b"]) == 0
    assert np.array_equal(found.numbers("P0007")["b"], [np.nan, -1.0], equal_nan=True)
    assert json.loads(found.facts("P0513")) == {"i": 513}


def _to(lever, place: float) -> Move:
    return Move(parameter_id=lever.parameter_id, to=place)


def test_a_row_says_what_it_says_as_json(kept: Kept) -> None:
    answer = what_if(kept.plant("E0003"), [])
    assert type(answer).model_validate_json(answer.model_dump_json(by_alias=True)) == answer
    assert dataclasses.is_dataclass(kept.plant("E0003"))


def test_a_kept_plant_goes_on_as_far_as_a_portfolio_on_the_same_paths(settings, kept) -> None:
    """To the last digit: a plant that a scenario changes is held against the others' own paths."""
    with Store.open(settings) as store:
        table = build_model_table(store)
        begun = start(store, load_champion(settings), table, months=FAR)
    for row, name in enumerate(begun.sample.enterprise_ids):
        own = kept.plant(name).ahead()
        assert (own.sample.months, len(own.sample.shock)) == (FAR, begun.sample.count)
        np.testing.assert_array_equal(own.sample.shock, begun.sample.shock)
        for target, drawn in begun.sample.drawn.items():
            expected = drawn.paths(slice(row, row + 1))
            np.testing.assert_array_equal(own.sample.drawn[target].paths(slice(0, 1)), expected)
        assert kept.plant(name).begun.sample.months == 12


def test_what_was_kept_before_there_were_later_years_goes_twelve_months(folder, tmp_path, kept) -> None:
    shutil.copytree(folder / FOLDER, tmp_path / FOLDER)
    with np.load(tmp_path / FOLDER / SHARED) as now:
        numbers = {name: now[name] for name in now.files if not name.endswith(".later") and name != "shock"}
    np.savez(tmp_path / FOLDER / SHARED, **numbers)
    facts = json.loads((tmp_path / FOLDER / FACTS).read_text(encoding="utf-8"))
    facts = {name: told for name, told in facts.items() if name not in ("beyond", "months")}
    (tmp_path / FOLDER / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    name = next(iter(kept.names))
    old, new = Kept(tmp_path).plant(name), kept.plant(name)
    assert old.ahead().sample.months == 12
    for target, drawn in new.begun.sample.drawn.items():
        found = old.begun.sample.drawn[target].paths(slice(0, 1))
        np.testing.assert_array_equal(found, drawn.paths(slice(0, 1)))
