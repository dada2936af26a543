"""The effect estimates against truths that the tests know."""

import numpy as np
import pytest
from scipy import stats

from models.effects.estimate import corrected_moments, pooled_effects
from models.effects.measurement import error_variance
from models.effects.panel import build_panels
from models.effects.pooling import shrunk_lines
from models.effects.refute import refute
from models.effects.residuals import Residuals, residualise
from models.effects.treatments import Treatments
from tests.models.effects.panel import Known, simulate


def plain(y: np.ndarray, d: np.ndarray, noise: float = 0.0, lines: int = 20) -> Residuals:
    """Residuals as they come out of partialling out: here there is nothing to partial out."""
    n, k = d.shape
    treatments = Treatments(np.arange(k), np.ones(k, dtype=np.int64), np.zeros(k), np.ones(k))
    who, t = np.repeat(np.arange(lines), n // lines), np.tile(np.arange(n // lines), lines)
    return Residuals(
        y,
        d,
        np.broadcast_to(noise * np.eye(k), (n, k, k)),
        who,
        t,
        treatments,
        np.ones(k),
        np.zeros(k),
        lines,
    )


def fitted(known: Known) -> tuple[Residuals, np.ndarray, np.ndarray, float]:
    """Pooled slopes per unit, their standard errors, degrees of freedom."""
    panel = build_panels(known.table)[0]
    r = residualise(panel, "ftq", error_variance(panel, known.table))
    pooled = pooled_effects(r)
    levers = len(panel.levers)
    scale = r.treatments.scale
    return (
        r,
        pooled.theta[:levers] / scale,
        np.sqrt(np.diag(pooled.covariance))[:levers] / scale,
        pooled.degrees,
    )


def mean_truth(known: Known) -> np.ndarray:
    return np.array([np.mean([v for (_, p), v in known.theta.items() if p == f"lever{j}"]) for j in range(4)])


def test_without_errors_the_final_stage_is_least_squares() -> None:
    rng = np.random.default_rng(1)
    d = rng.standard_normal((400, 3))
    y = d @ [0.5, -0.2, 0.0] + 0.3 * rng.standard_normal(400)
    expected, *_ = np.linalg.lstsq(d, y, rcond=None)
    np.testing.assert_allclose(pooled_effects(plain(y, d)).theta, expected, rtol=1e-10)


def test_correction_undoes_the_attenuation_of_a_noisy_lever() -> None:
    rng = np.random.default_rng(2)
    true = rng.standard_normal((40_000, 1))
    y = true[:, 0] * 0.5 + 0.1 * rng.standard_normal(40_000)
    seen = true + np.sqrt(0.5) * rng.standard_normal(true.shape)
    naive = float(seen[:, 0] @ y / (seen[:, 0] @ seen[:, 0]))
    assert naive == pytest.approx(0.5 / 1.5, abs=0.01)
    assert pooled_effects(plain(y, seen, noise=0.5)).theta[0] == pytest.approx(0.5, abs=0.015)


def test_error_beyond_belief_is_capped_and_said() -> None:
    rng = np.random.default_rng(3)
    d = rng.standard_normal((400, 1))
    moments, reliability, cap = corrected_moments(plain(d[:, 0], d, noise=5.0))
    assert reliability[0] < 0
    assert cap[0] < 1
    assert moments[0, 0] > 0


def test_intervals_cover_a_known_partially_linear_truth() -> None:
    inside, total = 0, 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        line = 0.1 * rng.standard_normal(20).repeat(30)
        d = rng.standard_normal((600, 2))
        y = (
            (0.3 + line) * d[:, 0]
            - 0.2 * d[:, 1]
            + rng.standard_normal(20).repeat(30) * 0.2
            + rng.standard_normal(600)
        )
        pooled = pooled_effects(plain(y, d))
        half = stats.t.ppf(0.95, pooled.degrees) * np.sqrt(np.diag(pooled.covariance))
        inside += int((np.abs(pooled.theta - [0.3 + line.mean(), -0.2]) <= half).sum())
        total += 2
    # 90 % of 120 with a binomial standard error of 2.7 points; clustering by 20 lines is a little
    # conservative assert 0.83 <= inside / total <= 0.99


@pytest.mark.parametrize("gauge", [0.5, 1.0])
def test_history_hides_no_attenuation_from_a_persistent_lever(gauge: float) -> None:
    """The steady-state correction, by simulation: bias of the largest effect under a tenth of it."""
    found = []
    for seed in range(4):
        known = simulate(seed=seed, enterprises=40, gauge=gauge)
        _, theta, _, _ = fitted(known)
        found.append(theta - mean_truth(known))
    assert np.abs(np.mean(found, axis=0)).max() < 0.03


def test_a_reactive_policy_turns_the_raw_sign_and_not_the_estimate() -> None:
    known = simulate(seed=5, enterprises=20, reaction=2.0, effects=(-0.15, 0.2, 0.0, -0.15))
    panel = build_panels(known.table)[0]
    y, d = panel.outcomes["ftq"], panel.levels[:, 0]
    raw = np.mean([np.corrcoef(y[panel.who == i], d[panel.who == i])[0, 1] for i in range(20)])
    _, theta, error, _ = fitted(known)
    assert raw > 0
    assert theta[0] < -2 * error[0]


def test_a_placebo_gets_no_effect() -> None:
    beyond = 0
    for seed in range(12):
        known = simulate(seed=100 + seed)
        _, theta, error, degrees = fitted(known)
        beyond += abs(theta[2]) > stats.t.ppf(0.95, degrees) * error[2]
    assert beyond <= 4  # 12 tries at 10 %: P(more than 4) = 0.4 %


def test_refuters_pass_a_cause_and_fail_a_placebo() -> None:
    r, *_ = fitted(simulate(seed=3, enterprises=20))
    refuters = refute(r, pooled_effects(r))
    slope = np.eye(len(r.treatments.lever))
    cause, placebo = refuters.verdict(slope[0]), refuters.verdict(slope[2])
    assert cause["placebo_p"] <= 0.02
    assert cause["same_sign"] == 1.0
    assert cause["random_cause"] < 0.5
    assert placebo["placebo_p"] > 0.1


def test_lines_are_drawn_to_their_sector_and_keep_their_own_difference() -> None:
    known = simulate(seed=4, enterprises=30, months=84, spread=0.15, gauge=0.2)
    panel = build_panels(known.table)[0]
    r = residualise(panel, "ftq", error_variance(panel, known.table))
    pooled = pooled_effects(r)
    lines = shrunk_lines(r, pooled).theta[:, 0] / r.treatments.scale[0]
    truth = np.array([known.theta[(e, "lever0")] for e in panel.enterprises])
    assert np.corrcoef(lines, truth)[0, 1] > 0.6
    assert np.std(lines) < np.std(truth)
    assert np.abs(lines - truth).mean() < 0.8 * np.abs(truth - truth.mean()).mean()


def test_an_optimum_is_found_by_the_curve() -> None:
    rng = np.random.default_rng(6)
    z = rng.standard_normal((3000, 1)) + rng.standard_normal(20).repeat(150)[:, None]
    y = 0.2 * (z[:, 0] - 0.5) ** 2 + 0.1 * rng.standard_normal(3000)
    d = np.hstack([z, z**2])
    theta = pooled_effects(plain(y - y.mean(), d - d.mean(axis=0))).theta
    assert -theta[0] / (2 * theta[1]) == pytest.approx(0.5, abs=0.05)
