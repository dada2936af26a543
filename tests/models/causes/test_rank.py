"""Plants whose cause is known: the ranking must name it, and must not depend on names, order or units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.causes import NoCausesError, rank_causes
from models.causes.yardsticks import mean_shift
from tests.models.causes.plants import KINDS, plant

SEEDS = range(200, 206)


def place(made, **kwargs):
    order = [row.variable for row in rank_causes(made.good, made.episode, made.names, **kwargs).rows]
    return order.index(made.cause) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_place_of_entry_is_named_first(kind):
    found = np.array([place(plant(seed, kind)) for seed in SEEDS])
    assert (1 / found).mean() > 0.75, found  # by lot: 0.18
    assert (found <= 4).all(), found


def test_the_largest_shift_is_elsewhere_where_a_controller_answers():
    ranks, plain = [], []
    for kind in ("random", "freeze"):
        for seed in SEEDS:
            made = plant(seed, kind)
            ranks.append(place(made))
            shifts = mean_shift(made.good, made.episode)
            plain.append(1 + int((shifts > shifts[made.names.index(made.cause)]).sum()))
    assert (1 / np.array(ranks)).mean() > (1 / np.array(plain)).mean() + 0.2


def test_good_running_is_not_called_an_episode():
    quiet = [plant(seed, "step", good=900, run=20) for seed in SEEDS]
    seen = [rank_causes(made.good[:500], made.good[500:600], made.names).seen for made in quiet]
    assert not any(seen)
    moved = [plant(seed, "step") for seed in SEEDS]
    assert all(rank_causes(made.good, made.episode, made.names).seen for made in moved)


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(20)), st.integers(0, 2**31))
def test_names_order_and_units_do_not_matter(order, seed):
    made, rng = plant(200, "step"), np.random.default_rng(seed)
    scale, offset = rng.uniform(0.01, 100, 20), rng.normal(0, 1000, 20)
    plain = rank_causes(made.good, made.episode, made.names)
    other = rank_causes(
        (made.good * scale + offset)[:, order],
        (made.episode * scale + offset)[:, order],
        [made.names[j] for j in order],
    )
    assert [r.variable for r in plain.rows][:5] == [r.variable for r in other.rows][:5]
    assert plain.rows[0].evidence == pytest.approx(other.rows[0].evidence, rel=1e-6)


def test_an_outcome_is_never_a_cause_and_never_explains_one():
    made = plant(202, "step")
    found = rank_causes(made.good, made.episode, made.names, frozenset({made.cause, "v0"}))
    assert {row.variable for row in found.outcomes} == {made.cause, "v0"}
    assert not {made.cause, "v0"} & {row.variable for row in found.rows}
    assert [row.rank for row in found.rows] == list(range(1, len(made.names) - 2 + 1))
    noise = np.random.default_rng(1).normal(size=(len(made.good) + len(made.episode), 1))
    with_noise = rank_causes(
        np.hstack([made.good, noise[: len(made.good)]]),
        np.hstack([made.episode, noise[len(made.good) :]]),
        [*made.names, "lab"],
        frozenset({"lab"}),
    )
    alone = rank_causes(made.good, made.episode, made.names)
    assert [r.variable for r in with_noise.rows] == [r.variable for r in alone.rows]


def test_the_onset_is_when_it_began():
    late, errors = 40, []
    for seed in SEEDS:
        made = plant(seed, "freeze")
        episode = np.vstack([made.good[-late:], made.episode])
        found = rank_causes(made.good[:-late], episode, made.names, before=made.good[:-late][-10:])
        first = next(row for row in found.rows if row.variable == made.cause)
        errors.append(abs(first.onset - late))
    assert np.median(errors) <= 10, errors


def test_a_valve_that_sticks_is_called_still():
    made = plant(200, "freeze")
    first = rank_causes(made.good, made.episode, made.names).rows[0]
    assert (first.variable, first.direction, first.reason) == (made.cause, "still", "mechanism")


def test_a_gap_counts_as_the_last_value_known():
    made = plant(204, "random")
    holes = made.good.copy()
    holes[np.random.default_rng(0).random(holes.shape) < 0.02] = np.nan
    holes[:7, 3] = np.nan
    found = rank_causes(holes, made.episode, made.names)
    assert all(np.isfinite(row.evidence) for row in found.rows)
    assert made.cause in [row.variable for row in found.rows[:3]]


def test_a_variable_that_never_moved_and_then_does_is_seen():
    made = plant(205, "step", run=60)
    good = np.hstack([made.good, np.full((len(made.good), 1), 7.0)])
    episode = np.hstack([made.episode, np.full((len(made.episode), 1), 7.0)])
    still = rank_causes(good, episode, [*made.names, "switch"])
    assert next(r for r in still.rows if r.variable == "switch").direction == "still"
    episode[:, -1] = 8.0
    assert rank_causes(good, episode, [*made.names, "switch"]).rows[0].variable == "switch"


@pytest.mark.parametrize(("good", "run", "says"), [(99, 50, "--reference"), (300, 12, "wait")])
def test_too_little_is_said_so(good, run, says):
    rows = np.random.default_rng(0).normal(size=(400, 3))
    with pytest.raises(NoCausesError, match=says):
        rank_causes(rows[:good], rows[-run:], ["a", "b", "c"])
