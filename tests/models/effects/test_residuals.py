"""Effects on synthetic plants whose causes the test knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models.effects.calibration import calibrate
from models.effects.history import MEMORIES, controls
from models.effects.panel import EVERYWHERE
from models.effects.responses import ECHOES
from models.effects.series import series_of, upstream_of
from tests.models.effects.fitting import fitted, mean_truth, prepared, slopes
from tests.models.effects.panel import bare_panel, simulate, simulate_steps


@pytest.mark.parametrize("gauge", [0.2, 0.8])
def test_known_effects_are_found_through_noisy_gauges(gauge: float) -> None:
    wrong = []
    for seed in range(4):
        known = simulate(seed=seed, enterprises=24, gauge=gauge, reaction=0.3)
        wrong.append(slopes(*fitted(known.table))[0] - mean_truth(known))
    assert np.abs(np.mean(wrong, axis=0)).max() < 0.03


def test_a_reactive_policy_turns_the_raw_sign_and_not_the_estimate() -> None:
    known = simulate(seed=5, enterprises=20, reaction=2.0, effects=(-0.15, 0.2, 0.0, -0.15))
    panel, _ = prepared(known.table)
    y, d = panel.outcomes["ftq"], panel.levels[:, 0]
    raw = np.mean([np.corrcoef(y[i], d[i])[0, 1] for i in range(20)])
    theta, error = slopes(*fitted(known.table))
    assert raw > 0
    assert theta[0] < -2 * error[0]


def test_what_hides_behind_a_noisy_proxy_is_taken_out() -> None:
    def bias(proxy: float | None) -> float:
        panels = [
            simulate(seed=s, enterprises=20, confounding=4, proxy=proxy, reaction=0, gauge=0.1)
            for s in range(3)
        ]
        wrong = [slopes(*fitted(known.table))[0] - mean_truth(known) for known in panels]
        return float(np.abs(np.mean(wrong, axis=0)).mean())

    without, seen = bias(None), bias(0.05)
    assert without > 0.03
    assert seen < 0.5 * without


def test_a_placebo_gets_no_effect() -> None:
    beyond = 0
    for seed in range(12):
        r, pooled = fitted(simulate(seed=100 + seed).table)
        theta, error = slopes(r, pooled)
        beyond += abs(theta[2]) > stats.t.ppf(0.95, pooled.degrees) * error[2]
    assert beyond <= 4  # 12 tries at 10 %: P(more than 4) = 0.4 %


@pytest.mark.parametrize("echo", [0.0, 0.65])
def test_an_echo_of_effects_is_heard(echo: float) -> None:
    known = simulate(seed=1, enterprises=20, reaction=0.0, gauge=0.1, echo=echo)
    r, pooled = fitted(known.table)
    heard = r.responses.echo[[0, 1, 3]] @ np.array(ECHOES)
    assert np.abs(heard - echo).max() < 0.2
    assert np.abs(slopes(r, pooled)[0] - mean_truth(known)).max() < 0.1


def test_a_lever_acts_on_the_step_that_it_names_and_is_felt_upstream_of_the_next() -> None:
    panel, known = prepared(simulate_steps(seed=1, enterprises=4, months=30))
    series = series_of(panel, known, "ftq")
    upstream = upstream_of(panel, series)
    for s, step in enumerate(series.step):
        for j, _ in enumerate(panel.levers):
            place = panel.place[series.who[s], j]
            assert series.acts[s, j] == (place in (EVERYWHERE, step))
            assert upstream.acts[s, j] == (step == 1 and place == 0)
    assert series_of(panel, known, "escape").acts.all()


def test_effects_of_steps_are_found_where_they_act() -> None:
    r, pooled = fitted(simulate_steps(seed=2, enterprises=24, months=60))
    theta, error = slopes(r, pooled)
    truth = np.array([0.15, 0.0, 0.3, -0.2])  # anywhere, check, first, second
    assert (np.abs(theta - truth) < 3 * error + 0.01).all()
    assert error.max() < 0.03


def test_rows_have_a_variance_of_about_one_and_no_memory() -> None:
    r, pooled = fitted(simulate(seed=3, enterprises=20).table)
    left = r.left(pooled.theta)
    assert left.var() == pytest.approx(1.0, abs=0.15)
    same = r.series[1:] == r.series[:-1]
    assert abs(np.corrcoef(left[1:][same], left[:-1][same])[0, 1]) < 0.08


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 28))
def test_no_control_knows_its_own_period_or_later(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    steps, levels = rng.standard_normal((2, 1, 30)), 10 + rng.standard_normal((2, 1, 30))
    later = steps.copy()
    later[:, :, cut:] += 5 * rng.standard_normal(later[:, :, cut:].shape)
    told = []
    for y in (steps, later):
        panel = bare_panel(levels, steps=y)
        known = prepared_alone(panel)
        told.append(controls(panel, series_of(panel, known, "ftq")))
    np.testing.assert_array_equal(told[0][:, : cut + 1], told[1][:, : cut + 1])
    if cut < 28:
        assert np.abs(told[0] - told[1])[:, cut + 1 :].max() > 0


def test_controls_are_moving_averages_of_distances_from_the_mean_so_far() -> None:
    steps = np.random.default_rng(0).standard_normal((1, 1, 30))
    panel = bare_panel(np.random.default_rng(1).standard_normal((1, 1, 30)), steps=steps)
    found = controls(panel, series_of(panel, prepared_alone(panel), "ftq"))[0]
    y = steps[0, 0]
    for column, memory in enumerate(MEMORIES):
        state = 0.0
        for t in range(1, 30):
            away = y[t - 1] - y[:t].mean() if t > 1 else 0.0
            state = memory * state + (1 - memory) * away
            assert found[t, column] == pytest.approx(state)


def prepared_alone(panel):

    return calibrate(panel, np.zeros(panel.levels.shape[:2]))
