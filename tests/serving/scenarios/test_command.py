"""`zhuoyue plan scenario`: kept, listed, compared and taken back from the command line."""

import json
from functools import partial

import pytest

from serving.scenarios import every
from tests import command
from tests.serving.scenarios.conftest import computed

KEEP = ("plan", "scenario", "keep", "--name", "需求", "--start", "2026-03", "--demand", "1.2")


@pytest.fixture
def zhuoyue(home):
    return partial(command.zhuoyue, ZHUOYUE_HOME=home.home, ZHUOYUE_QUIET="1")


def rows(answer):
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_kept_changed_under_its_name_and_taken_back(zhuoyue, engine):
    extra = ("--option", "all", "--share", "0.5", "--item", "qms=4@2026-06", "--supplier", "3301-0")
    (made,) = rows(zhuoyue(*KEEP, *extra, "--format", "json"))
    assert made["scenario"]["programme"] == {"option": "all", "start": "2026-03", "share": 0.5}
    assert made["scenario"]["items"] == [{"item": "qms", "level": 4, "since": "2026-06"}]
    (again,) = rows(zhuoyue(*KEEP, "--format", "json"))
    assert (again["id"], again["version"], again["computed"]) == (made["id"], 2, False)
    assert [row["name"] for row in rows(zhuoyue("plan", "scenario", "show", "--format", "json"))] == ["需求"]
    rows(zhuoyue("plan", "scenario", "remove", "需求", "--format", "json"))
    assert every(engine) == []


def test_a_comparison_is_that_of_the_page(zhuoyue, home, engine):
    computed(home, engine)
    told = rows(zhuoyue("plan", "scenario", "compare", "强省", "--region", "33", "--format", "json"))
    assert [column["name"] for column in told["columns"]] == ["", "强省"]
    assert told["columns"][1]["levels"]["3"][1]["more"]["expected"] > 0
    table = zhuoyue("plan", "scenario", "compare", "强省", "--format", "table").stdout
    assert "as it stands" in table
    assert "2026-12" in table


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        (("compare", "nobody"), 2, "found 'nobody' 0 times"),
        (("compute", "nobody"), 2, "allowed: an id"),
        (("keep", "--name", "x", "--start", "2026-3"), 2, "start"),
        (("keep", "--name", "x", "--start", "2026-03", "--item", "qms:4"), 2, "item=level@YYYY-MM"),
        (("keep", "--name", "x", "--start", "2026-03", "--item", "coffee=4@2026-05"), 2, "allowed: qms"),
    ],
)
def test_what_cannot_be_is_refused_in_words(zhuoyue, asked, status, words):
    answer = zhuoyue("plan", "scenario", *asked)
    assert answer.returncode == status
    assert words in answer.stderr


def test_what_was_not_computed_says_what_to_do(zhuoyue):
    rows(zhuoyue(*KEEP, "--format", "json"))
    answer = zhuoyue("plan", "scenario", "compare", "需求")
    assert answer.returncode == 1
    assert "first: compute" in answer.stderr
