"""Tables of judged counts: what calibrated forecasts look like, and what coins miss of shared shocks."""

import numpy as np
import pandas as pd
import pytest

from models.portfolio.backtest import summary
from models.portfolio.backtest.scores import at_least, mean_of, of_coins, of_paths, place, variance_of

PLANTS, PATHS, WORLDS, ORIGINS = 40, 400, 8, 60


@pytest.fixture(scope="module")
def counts():
    """Counts whose chances share a shock: a path's chance for everybody is 5 or 35 %."""
    rng, rows = np.random.default_rng(5), []
    shared = rng.choice([0.05, 0.35], PATHS)
    paths = rng.random((PLANTS, PATHS)) < shared
    joint, coins = of_paths(paths.sum(axis=0), PLANTS), of_coins(paths.mean(axis=1))
    for world in range(WORLDS):
        for origin in range(ORIGINS):
            came = int((rng.random(PLANTS) < rng.choice([0.05, 0.35])).sum())
            low, high = place(joint, came)
            row = {"world": world, "origin": origin, "kind": "all", "reading": "grade", "level": 2}
            row |= {"ahead": 3, "came": came, "low": low, "high": high, "joint": mean_of(joint)}
            row |= {"variance": variance_of(joint), "coins.variance": variance_of(coins)}
            for name in summary.FORECASTERS:
                row |= {name: mean_of(joint), f"{name}.crps": 1.0}
            rows.append(row | {"p.joint": at_least(joint, 10), "p.coins": at_least(coins, 10)})
    return pd.DataFrame(rows)


def test_shared_shocks_are_in_joint_paths_and_not_in_coins(counts):
    (row,) = summary.spread(counts, ["kind"])
    assert row["joint"] == pytest.approx(1.0, abs=0.1)
    assert row["joint.low"] < 1.0 < row["joint.high"]
    assert row["coins"] > 5
    assert row["coins.low"] <= row["coins"] <= row["coins.high"]


def test_errors_of_a_calibrated_forecast(counts):
    (row,) = summary.errors(counts)
    assert abs(row["bias"]) < 3 * row["se"]
    assert row["inside"] == pytest.approx(0.9, abs=0.04)
    assert row["ratio"] == pytest.approx(1.0, abs=0.1)
    assert row["mae.joint"] == pytest.approx((counts["joint"] - counts["came"]).abs().mean())


def test_reliability_by_bins(counts):
    targets = counts.assign(met=counts["came"] >= 10)
    (joint,) = summary.reliability(targets.assign(joint=targets["p.joint"]))
    assert joint["targets"] == WORLDS * ORIGINS
    assert joint["low"] < joint["met"] < joint["high"]
    assert joint["probability"] == pytest.approx(joint["met"], abs=0.1)
    (coins,) = summary.reliability(targets.assign(coins=targets["p.coins"]), "coins")
    assert abs(coins["probability"] - coins["met"]) > abs(joint["probability"] - joint["met"])


def test_calibration_error_by_hand():
    targets = pd.DataFrame(
        {"world": [1, 1, 2, 2], "joint": [0.0, 0.01, 0.6, 0.7], "met": [False, False, True, False]}
    )
    row = summary.calibration(targets, "joint")
    # Two bins: (0 + 0.01) and (0.6 + 0.7 − 1), over four targets.
    assert row["calibration_error"] == pytest.approx((0.01 + 0.3) / 4)
    assert row["brier"] == pytest.approx((0.01**2 + 0.4**2 + 0.7**2) / 4)


def test_a_single_cluster_says_nothing_of_others(counts):
    (row,) = summary.errors(counts[counts["world"] == 0])
    assert np.isnan(row["se"])
    (spread,) = summary.spread(counts[counts["world"] == 0], ["kind"])
    assert np.isnan(spread["joint.low"])
