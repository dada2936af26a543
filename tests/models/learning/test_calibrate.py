"""A window's intervals know only what had arrived; and coverage is told by class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.forecast.panel import panels
from models.learning.calibrate import judge
from models.learning.rolling import Settings, run_panel
from models.learning.scoring import in_unit, scored_rows
from models.learning.strata import coverage_by, coverage_table, levels
from models.rules_numpy import ArrayRules


@pytest.fixture(scope="module")
def run(table_of):
    made = table_of(seed=5, plants=10, months=44)
    return run_panel(next(panels(made.frame, made.features)), Settings(refits=2))


@pytest.fixture(scope="module")
def judged(run):
    return judge(run, "internal_loss")


def _spoilt(run, target: str, cut: int):
    """The same run, but everything that came after `cut` came otherwise."""
    panel, own = run.panel, run.runs[target]
    late = (panel.t > cut)[:, None]
    changed = {
        name: {target: np.where(late[:, 0], values[target] * 3.0, values[target])}
        for name, values in (("actual", panel.actual), ("scored", panel.scored))
    }
    other = replace(panel, **{name: getattr(panel, name) | value for name, value in changed.items()})
    arrival = panel.t[:, None] + np.arange(1, 13)
    runs = {target: replace(own, future=np.where(arrival > cut, own.future + 5.0, own.future))}
    return replace(run, panel=other, runs=runs)


def test_what_comes_later_moves_no_interval_made_before(run, judged) -> None:
    cut = int(run.panel.t.max()) - 9
    before, after = run.panel.t <= cut, run.panel.t > cut + 3
    other = judge(_spoilt(run, "internal_loss", cut), "internal_loss")
    np.testing.assert_array_equal(other.quantiles[before], judged.quantiles[before])
    seen = np.isfinite(judged.quantiles) & after[:, None, None]
    assert not np.array_equal(other.quantiles[seen], judged.quantiles[seen])


def test_quantiles_rise_on_the_scale_of_the_model_and_in_the_unit(run) -> None:
    for target in ("ftq", "ppm"):
        done = judge(run, target)
        rows = np.flatnonzero(scored_rows(run))
        _, values = in_unit(run, done, rows)
        assert not (np.diff(done.quantiles[rows], axis=2) < 0).any()
        assert not (np.diff(values, axis=2) < 0).any()


def test_scaled_errors_are_errors_over_the_row_s_scale(judged) -> None:
    scale = judged.model.spread.scale.of(judged.signs)
    np.testing.assert_allclose(judged.scaled * scale, judged.error)


def test_every_scored_value_is_in_one_horizon_one_level_and_one_age(run, judged) -> None:
    sums = coverage_by(run, judged).set_index("slice")
    pooled = sums.loc["pooled", "n"]
    for kind in ("horizon", "level", "known"):
        mine = sums[sums.index.str.startswith(kind) & (sums.index != "known 0")]
        assert mine["n"].sum() == pooled
        assert mine["inside90"].sum() == sums.loc["pooled", "inside90"]
    assert (sums["inside50"] <= sums["inside90"]).all()


def test_the_table_pools_the_targets(run, judged) -> None:
    parts = pd.concat([coverage_by(run, judged), coverage_by(run, judge(run, "cpk"))])
    table = coverage_table(parts).set_index(["target", "slice"])
    assert table.loc[("all", "pooled"), "n"] == parts.loc[parts["slice"] == "pooled", "n"].sum()
    assert table["coverage_90"].between(0, 1).all()


def test_a_plant_s_level_is_read_at_the_origin(run) -> None:
    panel = run.panel
    mean = panel.column("cpk.mean12")
    expected = ArrayRules().level_of_value("cpk", mean[np.isfinite(mean)])
    np.testing.assert_array_equal(levels(panel, "cpk")[np.isfinite(mean)], expected)
