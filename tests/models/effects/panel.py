"""A synthetic panel with known causes, in the columns of the model table: the tests' own ground truth.

y = base + Σ θ_ij d*_ijt + hidden_t + common_t + 0.1·context_t, log(−log ftq) = y + noise. Levers
drift (AR 1) and react to last month's y with strength `reaction`, so a raw correlation of lever and outcome
carries the wrong sign. `confounding` lets a hidden cause move the levers too; with `proxy` a context
parameter `crew` shows it with so much noise. Of an effect a share `echo` stays for the next month.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.effects.panel import EVERYWHERE, Panel

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
    echo: float = 0.0,
    proxy: float | None = None,
) -> Known:
    """Plants of `sectors` industries; lever k has mean effect effects[k]; a context, an outcome."""
    rng = np.random.default_rng(seed)
    n, k = enterprises, len(effects)
    theta = np.asarray(effects)[None, :] + spread * rng.standard_normal((n, k)) * (np.asarray(effects) != 0)
    levers, context, y, hidden = _dynamics(rng, theta, months, reaction, confounding, echo)
    seen = levers + gauge / np.sqrt(readings) * rng.standard_normal(levers.shape)
    names = [f"lever{j}" for j in range(k)]
    signals: dict[str, np.ndarray] = dict(
        zip((f"param.{p}" for p in names), np.moveaxis(seen, 2, 0), strict=True)
    )
    signals["param.weather"] = context
    signals["param.rework_hours"] = 5 + 2 * y + 0.1 * rng.standard_normal(y.shape)
    if proxy is not None:
        signals["param.crew"] = hidden + proxy * np.random.default_rng([seed, 1]).standard_normal(y.shape)
    frame = _frame(rng, y, signals, sectors)
    ids = frame.enterprise_id.unique()
    truth = {(e, p): float(theta[i, j]) for i, e in enumerate(ids) for j, p in enumerate(names)}
    return Known(Table(frame, _parameters(ids, names, gauge)), truth, gauge, readings)


def _dynamics(
    rng: np.random.Generator,
    theta: np.ndarray,
    months: int,
    reaction: float,
    confounding: float,
    echo: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n, k = theta.shape
    behind, felt = np.zeros((months, n)), np.zeros(n)
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
        felt = echo * felt + (1 - echo) * (theta * d).sum(1)
        levers[t], y[t], behind[t] = d, felt + hidden + common + 0.1 * context[t], hidden
    return np.moveaxis(levers, 0, 1) + 10, context.T, y.T, behind.T


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
        "q.submitted": np.full(y.shape, 1e5),
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
    context = {"weather": "context", "crew": "context"}
    kinds = dict.fromkeys(names, "actionable") | context | {"rework_hours": "outcome"}
    rows = [
        {"enterprise_id": e, "parameter_id": p, "name": p.upper(), "unit": "°C", "kind": kind, "lower": 0.0,
         "upper": 20.0, "cost_per_unit": 100.0, "direction": "any", "lead_periods": 0, "gauge_sd": gauge}
        for e in ids for p, kind in kinds.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


STEPS_OF = {"first": 1, "second": 2, "anywhere": None, "check": 2}
"""The levers of `simulate_steps` and the step that each names."""

EFFECTS_OF = {"first": 0.3, "second": -0.2, "anywhere": 0.15}
CATCHES = -0.4


def simulate_steps(
    seed: int = 0,
    enterprises: int = 16,
    months: int = 60,
    spill: float = 0.0,
    follows: float = 0.0,
    luck: float = 0.3,
) -> Table:
    """Plants of two steps: `first` acts on the first, a share `spill` of it on the second too; `second` on
    the second, `anywhere` on both, `check` on the share that escapes and on nothing else. That share
    follows the log of failing units by `follows` and has noise of standard deviation `luck`.
    """
    rng = np.random.default_rng(seed)
    shape = (enterprises, months)
    d = {name: _ar(rng, shape, 0.7) for name in STEPS_OF}
    act = {name: effect * d[name] for name, effect in EFFECTS_OF.items()}
    first = act["first"] + act["anywhere"] + 0.3 * _ar(rng, shape, 0.8)
    second = act["second"] + act["anywhere"] + spill * act["first"] + 0.3 * _ar(rng, shape, 0.8)
    units = 5000
    shares = [rng.binomial(units, np.exp(-np.exp(y - 3))) / units for y in (first, second)]
    failing = np.log(-np.log(shares[0] * shares[1]))
    out = np.exp(failing - 2 + follows * (failing + 2.3) + CATCHES * d["check"])
    out = out * np.exp(luck * rng.standard_normal(shape))
    back = rng.poisson(1e5 * np.minimum(out, 0.5))
    frame = _keys(shape).assign(
        **{"ftq": (shares[0] * shares[1]).ravel(), "q.process.1": shares[0].ravel()},
        **{"q.process.2": shares[1].ravel(), "q.submitted": float(units), "q.units": 1e5},
        **{"ppm": 10.0 * back.ravel(), "q.nonconforming": back.ravel().astype(float)},
        **{f"param.{p}.last": 10 + x.ravel() for p, x in d.items()},
    )
    rows = [
        {"enterprise_id": e, "parameter_id": p, "kind": "actionable", "step": step}
        for e in frame.enterprise_id.unique() for p, step in STEPS_OF.items()
    ]  # fmt: skip
    return Table(frame, pd.DataFrame(rows))


def _ar(rng: np.random.Generator, shape: tuple[int, int], memory: float) -> np.ndarray:
    """Stationary AR(1) series (E, T) of variance one."""
    x, news = np.zeros(shape), rng.standard_normal(shape)
    x[:, 0] = news[:, 0]
    for t in range(1, shape[1]):
        x[:, t] = memory * x[:, t - 1] + np.sqrt(1 - memory**2) * news[:, t]
    return x


def _keys(shape: tuple[int, int]) -> pd.DataFrame:
    n, months = shape
    ids = np.repeat([f"E{i:02d}" for i in range(n)], months)
    keys = pd.DataFrame(
        {"enterprise_id": ids, "product_id": "", "frequency": "month", "industry_code": "C33"}
    )
    return keys.assign(t=np.tile(np.arange(24000, 24000 + months), n))


def bare_panel(
    levels: np.ndarray, surroundings: int = 0, steps: np.ndarray | None = None, lead: int = 0
) -> Panel:
    """A panel around `levels` (E, K, T) alone, the last `surroundings` of them no levers; `steps` (E, P, T)
    links of yields, zero where not given.
    """
    n, k, periods = levels.shape
    j = k - surroundings
    y = np.zeros((n, 1, periods)) if steps is None else steps
    return Panel(
        sector="33",
        frequency="month",
        enterprises=tuple(f"E{i:02d}" for i in range(n)),
        levers=tuple(f"lever{i}" for i in range(j)),
        surrounding_names=tuple(f"around{i}" for i in range(surroundings)),
        first=24000,
        steps=y,
        counting=np.full(y.shape, 1e-3),
        outcomes={"ftq": y[:, 0]},
        escape_counting=np.zeros((n, periods)),
        levels=levels,
        spread=np.full((n, k), np.nan),
        place=np.full((n, j), EVERYWHERE),
        lead=np.full(j, lead),
    )
