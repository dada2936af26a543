"""`zhuoyue plan reach` over a store with a champion: an answer that can be read, kept and shown."""

from __future__ import annotations

import json
from functools import partial

import pytest

from features.settings import Settings
from models.kept_plans import kept
from models.plans import PlanRow, reach
from models.plans.rows import Goal
from serving.commands.planning import show
from tests import command
from tests.models.plans.plant import Lever, goal, plant
from tests.serving import province

BY = ("--level", "3", "--by", "2025-12")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return province.with_model(tmp_path_factory)


@pytest.fixture(scope="module")
def zhuoyue(home: Settings):
    return partial(command.zhuoyue, ZHUOYUE_HOME=home.home, ZHUOYUE_QUIET="1")


def test_a_plan_from_the_store_is_printed_and_kept(home, zhuoyue) -> None:
    answer = zhuoyue("plan", "reach", "--enterprise", "E0002", *BY, "--keep", "--format", "json")
    assert answer.returncode == 0, answer.stderr
    row = PlanRow.model_validate_json(answer.stdout)
    assert (row.goal.enterprise_id, row.as_of, len(row.before)) == ("E0002", "2024-12", 12)
    assert row.made_at is not None
    assert kept(home, "E0002") == json.loads(row.model_dump_json(by_alias=True))
    assert kept(home, "E0003") is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--by", "2027-12"], "allowed: 2025-01 to 2025-12"),
        (["--by", "2025-12", "--scope", "all"], "grade, performance"),
        (["--by", "2025-12", "--assume", "qms:3"], "item=level@YYYY-MM"),
        (["--by", "2025-12", "--enterprise", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_planned_ends_with_two(zhuoyue, options, words) -> None:
    answer = zhuoyue("plan", "reach", "--enterprise", "E0002", "--level", "3", *options)
    assert answer.returncode == 2
    assert words in answer.stderr


def test_a_table_names_ways_actions_and_what_binds(capsys) -> None:
    levers = {"furnace": Lever(-0.2, 10.0), "speed": Lever(-0.2, 15.0)}
    show(reach(plant(levers, items={"qms": 2}), goal()), "table")
    said = capsys.readouterr().out
    for word in ("direct", "furnace", "sigma", "qms", "found"):
        assert word in said


def test_a_goal_is_what_json_says_it_is() -> None:
    assert Goal(**goal().model_dump()) == goal()
