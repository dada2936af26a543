"""A synthetic panel with known causes, in the columns of the model table: the tests' own ground truth.

y = base + Σ θ_ij d*_ijt + hidden_t + common_t + 0.3·context_t, log(−log ftq) = y + noise. Levers
drift (AR 1) and react to last month's y with strength `reaction`, so a raw correlation of lever and outcome
carries the wrong sign.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

HALF_LIVES = {"ew3": 3.0, "ew12": 12.0}


@dataclass(frozen=True)
class Table:
    """What `features.model_table.ModelTable` offers the effect model."""

    frame: pd.DataFrame
    parameters: pd.DataFrame


@dataclass(frozen=True)
class Known:
    """A panel and the truth behind it: `theta[(enterprise, lever)]` per unit on log(−log ftq)."""

    table: Table
    theta: dict[tuple[str, str], float]
    gauge: float
    readings: int


def simulate(
    seed: int = 0,
    enterprises: int = 12,
    months: int = 60,
    effects: tuple[float, ...] = (-0.30, 0.20, 0.0, -0.15),
    spread: float = 0.05,
    reaction: float = 0.5,
    gauge: float = 0.5,
    readings: int = 4,
    confounding: float = 0.0,
    sectors: int = 1,
) -> Known:
    """Plants of `sectors` industries; lever k has mean effect effects[k]; a context, an outcome."""
    rng = np.random.default_rng(seed)
    n, k = enterprises, len(effects)
    theta = np.asarray(effects)[None, :] + spread * rng.standard_normal((n, k)) * (np.asarray(effects) != 0)
    levers, context, y = _dynamics(rng, theta, months, reaction, confounding)
    seen = levers + gauge / np.sqrt(readings) * rng.standard_normal(levers.shape)
    names = [f"lever{j}" for j in range(k)]
    signals: dict[str, np.ndarray] = dict(
        zip((f"param.{p}" for p in names), np.moveaxis(seen, 2, 0), strict=True)
    )
    signals["param.weather"] = context
    signals["param.rework_hours"] = 5 + 2 * y + 0.1 * rng.standard_normal(y.shape)
    frame = _frame(rng, y, signals, sectors)
    ids = frame.enterprise_id.unique()
    truth = {(e, p): float(theta[i, j]) for i, e in enumerate(ids) for j, p in enumerate(names)}
    return Known(Table(frame, _parameters(ids, names, gauge)), truth, gauge, readings)


def _dynamics(
    rng: np.random.Generator, theta: np.ndarray, months: int, reaction: float, confounding: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n, k = theta.shape
    levers, y, context = np.zeros((months, n, k)), np.zeros((months, n)), rng.standard_normal((months, n))
    hidden, d = 0.3 * rng.standard_normal(n), rng.standard_normal((n, k))
    for t in range(months):
        hidden = 0.85 * hidden + 0.12 * rng.standard_normal(n)
        previous = y[t - 1] if t else np.zeros(n)
        d = (
            0.8 * d
            + reaction * previous[:, None]
            + confounding * hidden[:, None]
            + 0.5 * rng.standard_normal((n, k))
        )
        common = 0.1 * np.sin(t / 3) + 0.05 * rng.standard_normal()
        levers[t], y[t] = d, (theta * d).sum(1) + hidden + common + 0.1 * context[t]
    return np.moveaxis(levers, 0, 1) + 10, context.T, y.T


def _frame(
    rng: np.random.Generator, y: np.ndarray, signals: dict[str, np.ndarray], sectors: int
) -> pd.DataFrame:
    n, months = y.shape
    ids = [f"E{i:02d}" for i in range(n)]
    noise = lambda s: s * rng.standard_normal(y.shape)  # noqa: E731
    ftq = np.exp(-np.exp(y - 3 + noise(0.05)))
    internal, external = np.exp(y - 4 + noise(0.1)), np.exp(_lagged(y) - 5 + noise(0.2))
    output = np.full(y.shape, 1e7)
    values = {
        "ftq": ftq,
        "internal_loss": internal,
        "external_loss": external,
        "ppm": 1e6 * np.exp(y - 6 + noise(0.2)),
        "cpk": 1.3 - 0.2 * y, "q.ftq_clipped": ftq, "q.output_value": output,
        "q.internal_amount": internal * output, "q.external_amount": external * output,
    }  # fmt: skip
    history = {
        name: values[name] for name in ("ftq", "internal_loss", "external_loss", "ppm", "cpk")
    } | signals
    columns = values | {f"{s}.{f}": x for s, z in history.items() for f, x in _histories(z).items()}
    t = np.tile(np.arange(24000, 24000 + months), n)
    frame = pd.DataFrame({name: z.ravel() for name, z in columns.items()})
    keys = pd.DataFrame(
        {"enterprise_id": np.repeat(ids, months), "product_id": "", "frequency": "month", "t": t}
    )
    keys["period"] = [f"{x // 12}-{x % 12 + 1:02d}" for x in t]
    keys["industry_code"] = np.repeat([f"C{33 + i % sectors}" for i in range(n)], months)
    keys["calendar.sin"], keys["calendar.cos"] = np.sin(2 * np.pi * t / 12), np.cos(2 * np.pi * t / 12)
    return pd.concat([keys, frame], axis=1)


def _lagged(y: np.ndarray) -> np.ndarray:
    padded = np.pad(y, ((0, 0), (6, 0)), mode="edge")
    return sum(padded[:, 6 - lag : 6 - lag + y.shape[1]] for lag in range(2, 7)) / 5


def _histories(z: np.ndarray) -> dict[str, np.ndarray]:
    frame = pd.DataFrame(z.T)
    shifted = {
        "last": frame,
        "lag1": frame.shift(1),
        "lag2": frame.shift(2),
        "mean12": frame.rolling(12, 1).mean(),
    }
    smooth = {name: frame.ewm(halflife=h).mean() for name, h in HALF_LIVES.items()}
    return {name: x.to_numpy().T for name, x in (shifted | smooth).items()}


def _parameters(ids: np.ndarray, names: list[str], gauge: float) -> pd.DataFrame:
    kinds = dict.fromkeys(names, "actionable") | {"weather": "context", "rework_hours": "outcome"}
    rows = [
        {"enterprise_id": e, "parameter_id": p, "name": p.upper(), "unit": "°C", "kind": kind, "lower": 0.0,
         "upper": 20.0, "cost_per_unit": 100.0, "direction": "any", "lead_periods": 0, "gauge_sd": gauge}
        for e in ids for p, kind in kinds.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)
