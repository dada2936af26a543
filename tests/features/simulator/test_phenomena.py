"""What makes the world hard: each phenomenon is really in the records."""

import numpy as np
import pandas as pd
import pytest

from features.simulator import CLEAN, HARD, Scenario, World
from features.simulator.levers import slot_of
from features.simulator.sectors import SECTORS
from features.simulator.targets import true_targets


def stacked(world: World, target: str) -> np.ndarray:
    return np.stack([true_targets(world.plants, month)[target][0] for month in world.history.months])


def within(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(within(a).ravel(), within(b).ravel())[0, 1])


@pytest.fixture(scope="module")
def large() -> World:
    return World(seed=21, enterprises=120, months=72)


def test_external_losses_lag_escapes_by_two_to_six_months(large):
    calm = World(seed=21, enterprises=120, months=72, scenario=Scenario(supply=0, seasonality=0))
    escapes, losses = np.log(stacked(calm, "ppm")), np.log(stacked(calm, "external_loss"))
    change, response = np.diff(escapes, axis=0), np.diff(losses, axis=0)
    by_lag = [correlation(change[: len(change) - lag], response[lag:]) for lag in range(12)]
    assert int(np.argmax(by_lag)) in (2, 3, 4)
    assert max(by_lag[:1] + by_lag[8:]) < 0.5 * max(by_lag)


def detrended(wide: pd.DataFrame) -> pd.DataFrame:
    """Logs without each plant's slow movements."""
    logs = np.log(wide.where(wide > 0))
    return logs - logs.rolling(13, center=True, min_periods=7).mean()


def test_stated_costs_lag_stated_escapes(tables):
    sums = (
        tables["deliveries"]
        .to_pandas()
        .pivot_table(
            index="period", columns="enterprise_id", values=["units", "nonconforming"], aggfunc="sum"
        )
    )
    costs = tables["quality_costs"].to_pandas().astype({"amount": float})
    outside = costs[~costs.category.isin(["scrap", "rework", "downgrade", "downtime", "incident"])]
    lost = outside.pivot_table(index="period", columns="enterprise_id", values="amount", aggfunc="sum")
    escaped = detrended((sums["nonconforming"] + 0.5) / sums["units"])
    stated = detrended(lost).reindex(columns=escaped.columns)
    by_lag = pd.Series({lag: escaped.shift(lag).corrwith(stated).mean() for lag in range(9)})
    assert by_lag.idxmax() in (2, 3, 4, 5), by_lag


def naive_slope(world: World, parameter_id: str) -> float:
    """Pooled within-plant regression of log failures on the true setting: what a spreadsheet would say."""
    sector, slot = next(
        (i, [p.parameter_id for p in s.parameters].index(parameter_id))
        for i, s in enumerate(SECTORS)
        if parameter_id in [p.parameter_id for p in s.parameters]
    )
    rows = (world.plants.sector == sector) & world.levers.present[:, slot]
    x = within(world.history.stacked("z")[:, rows, slot])
    y = within(np.log(1 - stacked(world, "ftq")[:, rows]))
    return float((x * y).sum() / (x * x).sum())


REACTIVE = (
    "tool_change_interval",
    "nozzle_clean_interval",
    "sanitation_interval",
    "catalyst_age",
    "maintenance_interval",
)


def test_naive_regression_is_biased_and_doing_is_right():
    """Every lever here truly makes failures more frequent; people turn it down when months are bad."""
    hostile = [World(seed=s, enterprises=100, months=72) for s in (31, 32, 33)]
    clean = [World(seed=s, enterprises=100, months=72, scenario=CLEAN) for s in (31, 32, 33)]
    said = np.array([[naive_slope(w, lever) for lever in REACTIVE] for w in hostile])
    fair = np.array([[naive_slope(w, lever) for lever in REACTIVE] for w in clean])
    assert said.mean() < 0.35 * fair.mean()
    assert (said < 0).mean() >= 0.2
    assert (fair > 0).all()
    world = hostile[0]
    for truth in [t for t in world.truth if t.parameter_id in REACTIVE][::6]:
        n = world.plant(truth.enterprise_id)
        slot = slot_of(int(world.plants.sector[n]), truth.parameter_id)
        at, step = world.levers.centre[n, slot], world.levers.scale[n, slot]
        low, high = (
            world.do(truth.enterprise_id, truth.parameter_id, at + z * step, futures=8) for z in (-1.5, 1.5)
        )
        assert low.acted_on["ftq"].mean() > high.acted_on["ftq"].mean()


def test_a_confounded_placebo_looks_like_a_cause(large):
    placebos = [p.parameter_id for s in SECTORS for p in s.parameters if p.role == "placebo"]
    seen = [abs(naive_slope(large, name)) for name in placebos]
    clean = World(seed=21, enterprises=120, months=72, scenario=CLEAN)
    fair = [abs(naive_slope(clean, name)) for name in placebos]
    assert np.mean(seen) > 2 * np.mean(fair)


def test_hard_worlds_tie_levers_to_the_hidden_cause_more(large):
    hard = World(seed=21, enterprises=120, months=72, scenario=HARD)

    def tie(world: World) -> float:
        hidden = np.stack([s.hidden[0] for s in world.history.states])[..., None]
        z = world.history.stacked("z") * world.levers.confounded.astype(bool)
        strength = (within(hidden) * within(z)).mean(axis=0)
        return float(np.abs(strength[world.levers.confounded != 0]).mean())

    assert 1.5 * tie(large) < tie(hard)


def test_plants_of_a_sector_share_shocks(large):
    y = within(np.log(1 - stacked(large, "ftq")))
    alone = World(
        seed=21, enterprises=120, months=72, scenario=Scenario(common_shocks=0, seasonality=0, supply=0)
    )
    y0 = within(np.log(1 - stacked(alone, "ftq")))
    assert y.mean(axis=1).std() > 1.5 * y0.mean(axis=1).std()


def test_quality_persists(large):
    y = within(np.log(1 - stacked(large, "ftq")))
    assert 0.4 < correlation(y[1:], y[:-1]) < 0.95


def test_late_cold_and_stopped_plants_are_there():
    world = World(seed=8, enterprises=150, months=48)
    rows = world.tables()["output_values"].to_pandas()
    months = rows.groupby("enterprise_id").period.agg(["min", "max", "nunique"])
    assert (months["nunique"] <= 3).any()
    assert ((months["min"] > "2021-06") & (months["nunique"] > 6)).any()
    assert ((months["nunique"] < 46) & (months["min"] == "2021-01")).any()


def test_outcomes_follow_quality(large):
    y = np.log(1 - stacked(large, "ftq"))
    queue = np.where(large.levers.is_outcome, large.history.stacked("z"), 0).sum(axis=2)
    assert correlation(y, queue) > 0.5
