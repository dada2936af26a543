"""Every chooser answers in the same form, from records alone; in an open world they find what is there."""

import numpy as np
import pandas as pd
import pytest

from models.judge.causal_libraries import FOLDS
from models.judge.choosers import LOTS, OURS, PEERS, chosen, not_installed
from models.judge.forecaster import fitted
from models.judge.libraries import missing
from models.judge.promises import by_effects
from models.judge.readings import PLACES, WANTED, by_counterfactual
from models.judge.sample import samples
from models.judge.scores import done, judged, possible

EVERYBODY = OURS | LOTS | PEERS


@pytest.fixture(scope="module")
def answers(open_world):
    """What a chooser answers, asked once."""
    kept = {}

    def of(name):
        chooser = EVERYBODY[name]
        if missing(chooser.needs):
            pytest.skip(f"{name}: the extra `causal` is not installed ({chooser.needs})")
        if name not in kept:
            kept[name] = chooser.ask(*open_world, np.random.default_rng(0))
        return kept[name]

    return of


@pytest.mark.parametrize("name", EVERYBODY)
def test_moves_are_feasible_ranked_and_of_levers(name, answers, open_world):
    province, _ = open_world
    ranges = {(x.enterprise_id, x.parameter_id): x for x in province.levers}
    for choices in answers(name).values():
        assert choices
        plants = pd.Series([c.enterprise_id for c in choices])
        ranks = pd.Series([c.rank for c in choices]).groupby(plants).apply(sorted)
        assert all(r == list(range(1, len(r) + 1)) and len(r) <= 3 for r in ranks)
        assert len({(c.enterprise_id, c.parameter_id) for c in choices}) == len(choices)
        for c in choices:
            span = ranges[c.enterprise_id, c.parameter_id]
            own = np.inf if name == "ours" else 0.0  # which has its own range, with tests of its own
            assert span.low - own <= c.to <= span.high + own
            assert c.effect is None or c.effect[1] <= c.effect[0] <= c.effect[2]


@pytest.fixture(scope="module")
def worth(open_world):
    """Realised share of the best by first moves, per row."""
    _, truth = open_world
    grid, loss = truth.grid(), pd.Series(truth.alone.loss, truth.world.enterprises)

    def of(choices):
        acted = done(truth, choices)
        return judged(acted, possible(grid, [acted]), loss)

    return of


@pytest.mark.parametrize("name", ["DoubleML", "EconML LinearDML", "EconML CausalForestDML"])
def test_where_levers_wander_on_their_own_the_libraries_find_what_helps(name, answers, worth):
    told = worth(answers(name)[f"{name}, proven"])
    assert told["of_best_plant"] > worth(answers("lot, right way")["lot, right way"])["of_best_plant"] + 0.1
    assert told["sign_right"] > 0.8
    assert 0.3 < told["promised_over_realised"] < 3.0


def test_the_way_told_by_an_oracle_is_never_the_worse_end(answers, open_world):
    _, truth = open_world
    choices = answers("lot, right way")["lot, right way"]
    ends = {(x.enterprise_id, x.parameter_id): (x.low, x.high) for x in open_world[0].levers}
    moves = [(c.enterprise_id, c.parameter_id, c.to) for c in choices]
    other = [(e, p, sum(ends[e, p]) - to) for e, p, to in moves]
    assert (truth.of(moves)["net"].to_numpy() >= truth.of(other)["net"].to_numpy()).all()


def test_a_counterfactual_reaches_what_was_wanted_and_nothing_nearer_does(open_world):
    province, _ = open_world
    (sample,) = samples(province)
    f, levers = fitted(sample), {(x.enterprise_id, x.parameter_id): x for x in province.levers}
    for c in by_counterfactual(province):
        lever, start = levers[c.enterprise_id, c.parameter_id], f.latest(c.enterprise_id)
        end = lever.high if c.to > c.from_ else lever.low
        places = np.linspace(c.from_, end, PLACES + 1)
        expected = f.moved(start, c.parameter_id, places)
        first = np.flatnonzero(expected - expected[0] <= WANTED)[0]
        assert c.to == pytest.approx(places[first])


def test_straight_effects_go_to_the_better_end_and_only_proven_ones_where_asked(open_world):
    province, _ = open_world
    first, second = province.levers[:2]
    slope = -1.0 / (first.high - first.low)
    effects = {
        (first.enterprise_id, first.parameter_id): (slope, abs(slope)),
        (second.enterprise_id, second.parameter_id): (slope, 0.0),
    }
    moves = {c.parameter_id: c for c in by_effects(province, effects)}
    assert moves[first.parameter_id].to == first.high
    change = slope * (first.high - first.now)
    assert moves[first.parameter_id].benefit == pytest.approx(province.saved(first.enterprise_id, change))
    assert moves[first.parameter_id].effect[0] == pytest.approx(province.in_unit(first.enterprise_id, change))
    assert first.parameter_id not in {c.parameter_id for c in by_effects(province, effects, proven=True)}


def test_a_sample_is_centred_both_ways_and_knows_nothing_later(open_world):
    province, _ = open_world
    (sample,) = samples(province)
    y = sample.within(sample.y)
    for who in (sample.who, sample.t):
        np.testing.assert_allclose(pd.Series(y).groupby(who).mean(), 0.0, atol=0.02)
    assert len(set(sample.who)) > FOLDS
    cut = province.monthly["t"].sort_values().unique()[-6]
    frame = province.table.frame
    early = type(province)(
        type(province.table)(frame[frame["t"] < cut], province.table.features, province.table.parameters),
        province.readings,
    )
    (before,) = samples(early)
    old = sample.t < cut
    np.testing.assert_array_equal(before.controls, sample.controls[old])
    np.testing.assert_array_equal(before.levels, sample.levels[old])


def test_a_library_that_is_not_there_is_said_to_be_missing(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "doubleml", None)
    told = not_installed(chosen("peers"))
    assert "zhuoyue[causal]" in told["DoubleML"]
    assert "ours" not in told
    assert not not_installed(chosen("none"))
