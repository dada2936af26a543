"""planned → doing → checking → done or dropped, with days; all else is refused and says what is allowed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.improvement import (
    Action,
    ActionChanged,
    ActionRefused,
    Status,
    UnknownActionError,
    accept,
    amend,
    move,
    recorded,
)
from features.improvement.action import ALLOWED, amended, from_fields, moved, to_fields
from features.store import Store
from tests.features.improvement.conftest import SOURCE, recommendation

TODAY = date(2026, 6, 1)
PLAIN = Action("A1", "E1", "t", None, None, None, date(2026, 1, 5), None, None, Status.PLANNED)
EVERY = [(a, b) for a in Status for b in Status]


@pytest.mark.parametrize(("state", "to"), [pair for pair in EVERY if pair[1] not in ALLOWED[pair[0]]])
def test_illegal_steps_name_the_legal_ones(state, to):
    with pytest.raises(ActionRefused) as refused:
        moved(replace(PLAIN, status=state), to, TODAY, TODAY)
    assert all(str(one) in str(refused.value) for one in ALLOWED[state])
    assert f"A1 is {state}" in str(refused.value)


def test_the_days_are_those_of_start_and_finish():
    doing = moved(PLAIN, Status.DOING, date(2026, 2, 3), TODAY)
    checking = moved(doing, Status.CHECKING, date(2026, 3, 4), TODAY)
    done = moved(checking, Status.DONE, date(2026, 5, 5), TODAY)
    assert (done.started_on, done.finished_on) == (date(2026, 2, 3), date(2026, 3, 4))
    back = moved(checking, Status.DOING, date(2026, 3, 10), TODAY)
    assert (back.started_on, back.finished_on) == (date(2026, 2, 3), None)


@pytest.mark.parametrize(
    ("status", "to", "on"),
    [
        (Status.DOING, Status.CHECKING, date(2026, 1, 4)),
        (Status.DOING, Status.DROPPED, date(2026, 1, 4)),
        (Status.PLANNED, Status.DOING, TODAY + timedelta(days=1)),
    ],
)
def test_impossible_days_are_refused(status, to, on):
    with pytest.raises(ActionRefused, match="on: found"):
        moved(replace(PLAIN, status=status), to, on, TODAY)


@given(
    steps=st.lists(st.tuples(st.sampled_from(list(Status)), st.dates(date(2025, 12, 1), TODAY)), max_size=12)
)
def test_whatever_is_tried_the_row_stays_one_that_the_records_take(steps):
    action = PLAIN
    for to, on in steps:
        try:
            action = moved(action, to, on, TODAY)
        except ActionRefused:
            continue
        assert action.finished_on is None or action.finished_on >= action.started_on
        assert (action.finished_on is not None) or action.status not in (Status.CHECKING, Status.DONE)
        assert from_fields(to_fields(action)) == action


def test_a_move_is_in_the_records_and_in_the_journal(register, settings):
    made = accept(register, settings, recommendation(), SOURCE, "Li", start=date(2025, 1, 2))
    move(register, settings, made.action_id, "doing", "Wang", date(2025, 2, 3))
    move(register, settings, made.action_id, "checking", "Wang", date(2025, 3, 4))
    (row,) = recorded(settings)
    assert (row.status, row.started_on, row.finished_on) == ("checking", date(2025, 2, 3), date(2025, 3, 4))
    told = [(c.who, c.field, c.old, c.new) for c in register.history(made.action_id) if c.version == 3]
    assert told == [("Wang", "finished_on", None, "2025-03-04"), ("Wang", "status", "doing", "checking")]
    assert register.verify().faults == ()


def test_an_action_imported_by_hand_moves_just_as_well(register, settings, tmp_path):
    table = tmp_path / "actions.csv"
    table.write_text(
        "action_id,enterprise_id,title,parameter_id,cost,started_on,status\n"
        "HAND,E2,visual board,,1200.50,2025-01-01,doing\n"
    )
    with Store.open(settings) as store:
        store.import_paths([table])
    done = move(register, settings, "HAND", "checking", "Li", date(2025, 4, 1))
    assert (done.status, str(done.cost), register.promises()) == ("checking", "1200.50", {})
    assert {c.action for c in register.history("HAND")} == {"import", "move"}
    assert register.verify().faults == ()


def test_the_records_rule_where_somebody_replaced_the_row(register, settings, tmp_path):
    made = accept(register, settings, recommendation(), SOURCE, "Li", start=date(2025, 1, 2))
    table = tmp_path / "actions.csv"
    table.write_text(
        f"action_id,enterprise_id,title,started_on,status\n{made.action_id},E1,new name,2025-01-09,doing\n"
    )
    with Store.open(settings) as store:
        store.import_paths([table], on_conflict="replace")
    after = move(register, settings, made.action_id, "checking", "Li", date(2025, 2, 1))
    assert (after.title, after.started_on) == ("new name", date(2025, 1, 9))
    assert [c.who for c in register.history(made.action_id) if c.field == "title"] == ["Li", "zhuoyue"]
    assert register.verify().faults == ()


def test_an_unknown_action_or_state_is_named(register, settings):
    with pytest.raises(UnknownActionError, match="zhuoyue actions list"):
        move(register, settings, "nothing", "doing", "Li")
    with pytest.raises(ActionRefused, match="allowed: planned, doing, checking, done, dropped"):
        move(register, settings, "nothing", "finished", "Li")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(2200, 1, 1)])
def test_a_day_that_the_records_would_not_take_is_refused_before_anything_is_written(register, settings, day):
    with pytest.raises(ActionRefused, match="allowed: 1900-01-01 to 2199-12-31"):
        accept(register, settings, recommendation(), SOURCE, "Li", start=day)
    assert register.unrecorded() == []
    made = accept(register, settings, recommendation(), SOURCE, "Li", start=date(2026, 1, 5))
    with pytest.raises(ActionRefused, match="on: found"):
        move(register, settings, made.action_id, "doing", "Li", day)
    assert register.unrecorded() == []


def test_an_action_is_amended_unless_somebody_changed_it_meanwhile(register, settings):
    made = accept(register, settings, recommendation(), SOURCE, "Li", start=date(2026, 1, 5))
    costed = amend(register, settings, made.action_id, "Li", cost=Decimal("12.5"), seen=made.tag)
    assert (costed.cost, costed.title, costed.tag != made.tag) == (Decimal("12.50"), made.title, True)
    for act in (
        lambda: amend(register, settings, made.action_id, "Wang", title="other", seen=made.tag),
        lambda: move(register, settings, made.action_id, "doing", "Wang", date(2026, 1, 6), seen=made.tag),
    ):
        with pytest.raises(ActionChanged, match="was changed meanwhile"):
            act()
    assert [one.title for one in recorded(settings)] == [made.title]
    assert register.verify().faults == ()


@pytest.mark.parametrize("cost", [Decimal(-1), Decimal("NaN"), Decimal("1e13")])
def test_a_cost_that_cannot_be_is_refused(cost):
    with pytest.raises(ActionRefused, match="allowed: CNY"):
        amended(PLAIN, cost=cost)


def test_what_is_dropped_stays_as_it_is():
    with pytest.raises(ActionRefused, match="dropped"):
        amended(replace(PLAIN, status=Status.DROPPED), title="x")
