"""A synthetic model table with known structure, built independently of the feature code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

TARGETS = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")


@dataclass(frozen=True)
class Table:
    frame: pd.DataFrame
    features: tuple[str, ...]
    parameters: pd.DataFrame


def _weighted(values: np.ndarray, half_life: float) -> np.ndarray:
    """Exponentially weighted mean of the known values, 36 lags at most: straight from the definition."""
    out = np.full(len(values), np.nan)
    for i in range(len(values)):
        past = values[max(0, i - 35) : i + 1][::-1]
        weights = 0.5 ** (np.arange(len(past)) / half_life) * np.isfinite(past)
        if weights.sum() > 0:
            out[i] = np.nansum(weights * np.where(np.isfinite(past), past, 0.0)) / weights.sum()
    return out


def _history(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    series = pd.Series(values)
    last = series.ffill(limit=11)
    return {
        f"{name}.last": last.to_numpy(),
        f"{name}.lag1": series.shift(1).to_numpy(),
        f"{name}.lag2": series.shift(2).to_numpy(),
        f"{name}.ew3": _weighted(values, 3),
        f"{name}.ew12": _weighted(values, 12),
        f"{name}.mean12": series.rolling(12, min_periods=1).mean().to_numpy(),
        f"{name}.known": series.notna().cumsum().clip(upper=24).to_numpy(float),
    }


def _plant(
    rng: np.random.Generator, shock: np.ndarray, index: int, months: int, missing: float
) -> pd.DataFrame:
    level, state = rng.normal(-2.6, 0.5), 0.0
    lever = np.zeros(months)
    hidden = np.zeros(months)
    for t in range(months):
        lever[t] = 0.85 * (lever[t - 1] if t else rng.normal()) + 0.5 * rng.normal()
        state = 0.8 * state + 0.12 * rng.normal()
        hidden[t] = level + state + 0.25 * lever[t] + shock[t]
    size = rng.integers(1, 5)
    submitted = rng.integers(2000, 20000, months).astype(float) * size
    passed = rng.binomial(submitted.astype(int), np.exp(-np.exp(hidden))).astype(float)
    output = rng.lognormal(15, 0.2, months)
    columns = {
        "ftq": passed / submitted,
        "internal_loss": np.exp(hidden - 1.2 + 0.15 * rng.normal(size=months)),
        "external_loss": np.exp(np.roll(hidden, 3) - 1.6 + 0.3 * rng.normal(size=months)),
        "ppm": rng.poisson(20000 * np.exp(hidden - 4)) / 0.02,
        "cpk": np.exp(0.35 - 0.3 * (hidden + 2.6) + 0.08 * rng.normal(size=months)),
    }
    for values in columns.values():
        values[rng.random(months) < missing] = np.nan
    frame = pd.DataFrame(columns)
    frame["q.submitted"], frame["q.ftq_clipped"] = (
        submitted,
        (columns["ftq"] * submitted + 0.5) / (submitted + 1),
    )
    frame["q.output_value"], frame["q.units"] = output, 20000.0
    measured = lever + 0.2 * rng.normal(size=months)
    history = {name: _history(name, values) for name, values in columns.items()}
    parameters = {
        f"param.lever.{k}": v
        for k, v in {"last": measured, "ew3": _weighted(measured, 3), "ew12": _weighted(measured, 12)}.items()
    }
    extra = pd.DataFrame({k: v for h in (*history.values(), parameters) for k, v in h.items()})
    frame = pd.concat([frame, extra], axis=1)
    t = 2020 * 12 + np.arange(months)
    frame["t"], frame["period"] = t, [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in t]
    frame["enterprise_id"], frame["product_id"], frame["frequency"] = f"E{index:03d}", "", "month"
    angle = 2 * np.pi * (t % 12) / 12
    frame["calendar.sin"], frame["calendar.cos"] = np.sin(angle), np.cos(angle)
    frame["age"], frame["industry"], frame["size"] = (
        np.arange(months, dtype=float),
        25.0 + index % 3,
        float(size),
    )
    return frame


def make_table(seed: int = 0, plants: int = 12, months: int = 48, missing: float = 0.03) -> Table:
    rng = np.random.default_rng(seed)
    shock = np.zeros(months)
    for t in range(1, months):
        shock[t] = 0.6 * shock[t - 1] + 0.06 * rng.normal()
    frame = pd.concat([_plant(rng, shock, i, months, missing) for i in range(plants)], ignore_index=True)
    dotted = [c for c in frame if c.split(".")[0] in (*TARGETS, "param", "calendar") and "." in c]
    features = (*dotted, "age", "industry", "size")
    parameters = pd.DataFrame(
        {"enterprise_id": sorted(frame["enterprise_id"].unique()), "parameter_id": "lever"}
    )
    return Table(frame, tuple(features), parameters)


@pytest.fixture(scope="session")
def table() -> Table:
    return make_table()


@pytest.fixture(scope="session")
def table_of():
    return make_table
