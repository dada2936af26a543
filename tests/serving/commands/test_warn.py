"""`zhuoyue warn`: look, list, take note, deliver; the same look again changes nothing."""

import json

import pytest

from tests.command import zhuoyue
from tests.serving import province


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return province.with_records(tmp_path_factory).home


def rows(*words, **environment):
    answer = zhuoyue(*words, "--format", "json", **environment)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_silence_is_said_once_and_taken_note_of(home):
    here = {"ZHUOYUE_HOME": home}
    (first,) = rows("warn", "--today", "2026-06-15", **here)
    (again,) = rows("warn", "--today", "2026-06-15", **here)
    assert first["raised"] >= 1
    assert (again["raised"], again["going_on"]) == (0, first["raised"])
    listed = rows("warn", "list", "--language", "en", **here)
    (silent,) = [row for row in listed if row["kind"] == "stale"]  # one, though every enterprise is silent
    assert silent["enterprise_id"] is None
    assert "17 whole months are missing" in silent["detail"]
    (noted,) = rows("warn", "acknowledge", silent["id"], "--by", "li", "--note", "being fetched", **here)
    assert (noted["state"], noted["note"]) == ("acknowledged", "being fetched")


def test_records_that_are_recent_end_the_silence(home):
    here = {"ZHUOYUE_HOME": home}
    rows("warn", "--today", "2026-06-15", **here)
    (outcome,) = rows("warn", "--today", "2025-02-03", **here)
    assert outcome["resolved"] >= 1
    assert [row["state"] for row in rows("warn", "list", "--all", **here) if row["kind"] == "stale"] == [
        "resolved"
    ]


def test_nothing_waits_where_nobody_asked(home):
    assert rows("warn", "deliver", ZHUOYUE_HOME=home) == [
        {"sent": 0, "failed": 0, "dropped": 0, "waiting": 0}
    ]


def test_a_warning_that_is_not_there_is_bad_input(home):
    answer = zhuoyue("warn", "acknowledge", 99999, "--by", "li", ZHUOYUE_HOME=home)
    assert answer.returncode == 2
    assert "99999" in answer.stderr
