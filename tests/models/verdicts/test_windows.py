"""When it is looked: whole periods after the finish, until the next action, and why not at all."""

import numpy as np
import pandas as pd
import pytest

from models.verdicts.lines import Lines
from models.verdicts.placebos import Window
from models.verdicts.windows import OPEN, acts_of, events_of, span, window_of

FIRST = 2022 * 12
LINES = Lines("ftq", "month", "34", ("E1", "E2"), FIRST, np.zeros((2, 48)), np.zeros(2), np.ones((2, 48)))


def test_a_finish_on_the_first_counts_its_own_period_and_any_other_day_the_next(act):
    assert span(act(finished="2024-02-01"), "month") == (2024 * 12, 2024 * 12 + 1)
    assert span(act(finished="2024-02-02"), "month") == (2024 * 12, 2024 * 12 + 2)
    assert span(act(finished=None), "month")[1] == OPEN


def test_the_window_looks_back_and_twelve_on(act):
    one = act()
    assert window_of(one, [one], LINES) == Window(0, 0, 24, 25, 37)
    assert window_of(one, [one], LINES, after=6).end == 31


@pytest.mark.parametrize(
    ("started", "finished", "status", "told"),
    [
        ("2023-12-05", "2024-01-20", "done", "another_action"),
        ("2023-11-05", None, "doing", "another_action"),
        ("2024-04-05", "2024-05-01", "done", "another_action"),
        ("2024-07-05", "2024-08-01", "done", 30),
        ("2023-06-05", "2023-08-01", "done", 37),
        ("2024-01-05", "2024-02-01", "dropped", 37),
        ("2024-01-05", None, "planned", 37),
    ],
)
def test_other_actions_cut_it_or_forbid_it(act, started, finished, status, told):
    one, other = act(), act("A2", started=started, finished=finished, status=status)
    found = window_of(one, [one, other], LINES)
    assert (found if isinstance(found, str) else found.end) == told


def test_the_end_of_the_records_is_too_early_and_the_beginning_too_short(act):
    assert window_of(act(started="2025-10-05", finished="2025-11-01"), [], LINES) == "too_early"
    assert window_of(act(started="2022-01-05", finished="2022-02-01"), [], LINES) == "short_before"


def test_only_what_happened_is_an_event(act):
    acts = [
        act(),
        act("A2", "E2", status="dropped"),
        act("A3", "E2", status="planned"),
        act("A4", "elsewhere"),
    ]
    assert events_of(acts, LINES) == {0: ((24, 25),)}


def test_blank_states_are_read_from_the_dates():
    day, none = pd.Timestamp("2024-01-05"), pd.NaT
    rows = pd.DataFrame({"action_id": ["A", "B"], "enterprise_id": "E1", "title": "t", "started_on": day})
    rows = rows.assign(
        parameter_id=[None, "p"], from_value=[np.nan, 1.0], to_value=[np.nan, 2.0], status=None
    )
    rows["finished_on"] = [pd.Timestamp("2024-02-01"), none]
    assert [(a.status, a.parameter_id, a.from_value) for a in acts_of(rows)] == [
        ("done", None, None),
        ("doing", "p", 1.0),
    ]
