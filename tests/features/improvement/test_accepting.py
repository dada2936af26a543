"""Accepting a recommendation: an action on record, a promise that never changes, once."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from features import journal
from features.improvement import ActionRefused, Register, Status, accept, move, recorded, settle
from features.store import Store
from tests.features.improvement.conftest import SOURCE, recommendation


def test_it_becomes_a_planned_action_in_the_records(register, settings):
    made = accept(register, settings, recommendation(), SOURCE, "Li", start=date(2026, 2, 1))
    (row,) = recorded(settings)
    assert (row.action_id, row.enterprise_id, row.parameter_id) == (made.action_id, "E1", "temp")
    assert (row.from_value, row.to_value, row.status) == (850.0, 856.5, Status.PLANNED)
    assert (row.started_on, row.finished_on, row.title) == (date(2026, 2, 1), None, "炉温 850 → 856.5 °C")


def test_the_promise_is_the_published_row_with_where_it_came_from(register, settings):
    row = recommendation(effects=[{"target": "ppm", "estimate": -40.0}])
    made = accept(register, settings, row, SOURCE, "Li")
    promise = register.promises("E1")[made.action_id]
    assert promise.row == row
    assert promise.source == SOURCE
    assert (promise.low, promise.high, promise.benefit, promise.given_to) == (0.004, 0.02, 250_000.0, "Li")


def test_twice_is_once_until_it_is_dropped(register, settings):
    first = accept(register, settings, recommendation(), SOURCE, "Li")
    again = accept(register, settings, recommendation(), SOURCE, "Wang", title="something else")
    assert again.action_id == first.action_id
    assert len(recorded(settings)) == len(register.promises()) == 1
    move(register, settings, first.action_id, "dropped", "Li")
    third = accept(register, settings, recommendation(), SOURCE, "Li")
    assert third.action_id != first.action_id


def test_a_second_open_action_on_the_lever_is_refused_with_the_way_out(register, settings):
    first = accept(register, settings, recommendation(), SOURCE, "Li")
    with pytest.raises(ActionRefused, match=f"{first.action_id} on temp is planned.*drop it first"):
        accept(register, settings, recommendation(to=860.0), SOURCE, "Li")
    accept(register, settings, recommendation(enterprise_id="E2"), SOURCE, "Li")
    accept(register, settings, recommendation(parameter_id="speed"), SOURCE, "Li")
    assert len(recorded(settings)) == 3


def test_an_abstention_promises_nothing(register, settings):
    silent = recommendation(rank=None, parameter_id=None, effect=None, reason="the interval covers zero")
    with pytest.raises(ActionRefused, match="interval covers zero"):
        accept(register, settings, silent, SOURCE, "Li", title="x")
    assert recorded(settings) == []


@pytest.mark.parametrize("by", ["", " ", "two\nlines", "x" * 201])
def test_nobody_accepts_nothing(register, settings, by):
    with pytest.raises(ActionRefused, match="by: found"):
        accept(register, settings, recommendation(), SOURCE, by)


@pytest.mark.parametrize("sentence", ["UPDATE promises SET benefit = 1", "DELETE FROM promises"])
def test_the_database_itself_keeps_a_promise(register, settings, sentence):
    accept(register, settings, recommendation(), SOURCE, "Li")
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), register._engine.begin() as connection:
        connection.execute(sa.text(sentence))


def test_a_promise_changed_behind_the_trigger_is_found_out(register, settings):
    made = accept(register, settings, recommendation(), SOURCE, "Li")
    assert register.verify().faults == ()
    with register._engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER promises_stay_UPDATE"))
        connection.execute(sa.text("UPDATE promises SET benefit = 1"))
    assert register.verify().faults == (f"{made.action_id}: the promise is not the one that was given",)


def test_the_journal_tells_the_promise_too(register, settings):
    made = accept(register, settings, recommendation(), SOURCE, "Li")
    told = journal.replay(register.history(made.action_id))
    assert told["promise"]["row"] == json.loads(json.dumps(recommendation()))


def test_what_was_stopped_before_the_records_is_brought_there(register, settings):
    """The state database has it and the process died: the next command finishes, twice is once."""
    made = register.accept(recommendation(), SOURCE, "Li", "title", date(2026, 1, 5), [])
    assert recorded(settings) == []
    with Register.open(settings) as other:
        assert [one.action_id for one in settle(other, settings)] == [made.action_id]
        assert settle(other, settings) == []
    assert [one.title for one in recorded(settings)] == ["title"]


def test_an_id_that_a_plant_uses_itself_is_not_taken(register, settings, tmp_path):
    table = tmp_path / "actions.csv"
    table.write_text("action_id,enterprise_id,title,started_on\nAC-0002,E2,theirs,2025-01-01\n")
    with Store.open(settings) as store:
        store.import_paths([table])
    assert accept(register, settings, recommendation(), SOURCE, "Li").action_id == "AC-0003"
