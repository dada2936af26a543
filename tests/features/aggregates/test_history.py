"""Lag and exponentially weighted features against the definition, written as loops."""

import math

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest

from features.aggregates.history import ALL, BLOCK, CAP, HALF_LIVES, LAGS, REACH, history


def defined(t, x):
    """Return the features of the last value of a series, from their definition."""
    known = {k: value for k, value in zip(t, x, strict=True) if not math.isnan(value)}
    now = t[-1]
    recent = [known[k] for k in range(now - REACH + 1, now + 1) if k in known]
    answer = {
        "last": recent[-1] if recent else math.nan,
        **{f"lag{k}": known.get(now - k, math.nan) for k in range(1, 6)},
        "mean": np.mean(list(known.values())) if known else math.nan,
        "mean12": np.mean(recent) if recent else math.nan,
        "known": min(CAP, len(known)),
    }
    for half in HALF_LIVES:
        weights = {k: 2 ** (-(now - k) / half) for k in known if now - k <= LAGS}
        total = sum(weights.values())
        mean = sum(weight * known[k] for k, weight in weights.items()) / total if weights else math.nan
        answer[f"ew{half}"] = mean
    return [answer[name] for name in ALL]


def run(series):
    """Return {(series, t): features} of {series: (first t, values)}."""
    rows = [(name, first + k, value) for name, (first, x) in series.items() for k, value in enumerate(x)]
    columns = {"series": [r[0] for r in rows], "t": [r[1] for r in rows]}
    x = pa.array([r[2] for r in rows], from_pandas=True, type=pa.float64())
    answer = history(nw.from_native(duckdb.connect().from_arrow(pa.table({**columns, "x": x})))).collect(
        "pandas"
    )
    frame = answer.to_native().set_index(["series", "t"])[list(ALL)]
    assert len(frame) == len(rows)
    return {key: list(values) for key, values in zip(frame.index, frame.to_numpy(), strict=True)}


@pytest.mark.parametrize(
    "first", [24_200, BLOCK * 19 - 50, BLOCK * 20 - 3], ids=["within", "across", "at once"]
)
def test_features_follow_their_definition_also_where_blocks_meet(first):
    rng = np.random.default_rng(3)
    series = {}
    for name, share in enumerate((0.0, 0.3, 0.9, 1.0)):
        x = rng.normal(50, 3, 90)
        x[rng.random(90) < share] = np.nan
        series[name] = (first + 5 * name, x)
    found = run(series)
    for name, (start, x) in series.items():
        t = list(range(start, start + len(x)))
        for k in range(len(x)):
            wanted = pytest.approx(defined(t[: k + 1], x[: k + 1]), rel=1e-12, nan_ok=True)
            assert found[(name, t[k])] == wanted, (name, k)


def test_long_daily_series_neither_overflow_nor_fade():
    found = run({1: (18_000, np.full(5 * BLOCK, 1e6))})
    means = [ALL.index(name) for name in ALL if name != "known"]
    values = np.array([[found[(1, 18_000 + k)][j] for j in means] for k in range(5, 5 * BLOCK)])
    np.testing.assert_allclose(values, 1e6, rtol=1e-12)
