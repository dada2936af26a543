"""Real plants, end to end: not worse than the best simple baseline of the panel, measured and printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from features.model_table import build_model_table
from features.records.schema import TABLES
from features.tables import FrameTables
from models.learning.fit import fit
from models.learning.gate import compare, judge_model
from models.learning.scoring import PEERS

REAL = Path(__file__).parents[3] / "../shared/real"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real plants (../shared/real) are not on this machine"),
]


def _tables(plant: str) -> FrameTables:
    frames = {}
    for file in sorted((REAL / plant).glob("*.csv.gz")):
        schema = TABLES[file.name.split(".")[0]].arrow
        text = {f.name: str for f in schema if f.type == pa.string()}
        times = [f.name for f in schema if pa.types.is_timestamp(f.type)]
        frame = pd.read_csv(file, dtype=text)
        for name in set(times) & set(frame):
            frame[name] = pd.to_datetime(frame[name])
        frames[file.name.split(".")[0]] = frame
    return FrameTables(frames)


@pytest.fixture(scope="module", params=["pharma", "flotation"])
def plant(request):
    table = build_model_table(_tables(request.param))
    return request.param, table, fit(table)


def test_not_worse_than_the_best_simple_baseline(plant) -> None:
    name, _, fitted = plant
    print(f"\n{name}: mean absolute error, model ÷ baseline over horizons 1–12 (allowed above one)")
    for key, rows in fitted.errors.groupby(["scope", "target"], sort=False):
        ratios = {peer: compare(rows, rows[peer]) for peer in PEERS}
        print(
            "  ", *key, {peer: f"{ratio:.3f} (+{allowed:.3f})" for peer, (ratio, allowed) in ratios.items()}
        )
    assert judge_model(fitted.errors, None).promoted


def test_forecasts_and_drivers_are_whole(plant) -> None:
    _, table, fitted = plant
    frame = fitted.model.forecast_frame(table)
    assert np.isfinite(frame.select_dtypes("number").to_numpy()).all()
    assert set(frame["target"]) <= {"ftq", "cpk"}  # neither plant states losses or deliveries
    assert frame.query("target == 'ftq'")["mean"].between(0, 1).all()
    drivers = fitted.model.drivers_frame(table)
    keys = ["enterprise_id", "product_id", "target", "horizon"]
    added = drivers.groupby(keys).agg(
        c=("contribution", "sum"), b=("baseline", "first"), f=("forecast", "first")
    )
    np.testing.assert_allclose(added["c"], added["f"] - added["b"], atol=1e-9)


def test_intervals_cover(plant) -> None:
    name, _, fitted = plant
    pooled = fitted.backtest.groupby(["scope", "target"]).apply(
        lambda rows: np.average(rows["coverage_90"], weights=rows["n"]), include_groups=False
    )
    print(f"\n{name}: 90 % intervals cover", pooled.round(3).to_dict())
    # Few origins of one plant: a binomial spread of what ninety percent looks like, not a tight bound.
    assert pooled.min() > 0.7
