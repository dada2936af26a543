"""Plants of three months, and of none: no worse than the sector's mean, and intervals that hold.

One model is trained on old plants up to month 40. Forty others open later, ten at a time, and each is
forecast from its third month, or before its first; what then came is the judge.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.learning.fit import fit
from models.learning.rolling import Settings
from tests.models.learning.plants import of_rows, retold

TRAINED, OLD, OPENINGS = 40, 24, (41, 44, 47, 50)
TARGETS = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")
HISTORY = (*TARGETS, "param")


def _blank(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with nothing known of any target or parameter."""
    unknown = {
        name: 0.0 if name.endswith(".known") else np.nan for name in rows if name.split(".")[0] in HISTORY
    }
    return rows.assign(**unknown, age=0.0)


def _reborn(table, first: int, plants: list[str]) -> pd.DataFrame:
    """Three months of plants as their records would tell them, had they opened in month `first`."""
    start = int(table.frame["t"].min()) + first
    frame = table.frame[table.frame["enterprise_id"].isin(plants)]
    return retold(frame[(frame["t"] >= start) & (frame["t"] < start + 3)])


@pytest.fixture(scope="module")
def judged(table_of):
    """Forecasts beside what came: columns target, horizon, truth, mean, low, high, sector (its mean)."""
    table = table_of(seed=5, plants=OLD + 40, months=66, missing=0.02)
    names = sorted(table.frame["enterprise_id"].unique())
    first = int(table.frame["t"].min())
    old = table.frame[table.frame["enterprise_id"].isin(names[:OLD]) & (table.frame["t"] < first + TRAINED)]
    model = fit(of_rows(table, old), Settings(2)).model
    parts = []
    for k, opening in enumerate(OPENINGS):
        plants = names[OLD + 10 * k : OLD + 10 * (k + 1)]
        young = _reborn(table, opening, plants)
        for age, rows in {3: young, 0: _blank(young.groupby("enterprise_id").head(1))}.items():
            asked = model.forecast_frame(of_rows(table, rows))
            parts.append(_beside(asked, table, model).assign(age=age))
    return pd.concat(parts, ignore_index=True)


def _beside(asked: pd.DataFrame, table, model) -> pd.DataFrame:
    actual = table.frame.melt(["enterprise_id", "period", "industry"], list(TARGETS), "target", "truth")
    rows = asked.merge(actual, on=["enterprise_id", "period", "target"]).dropna(subset="truth")
    panel = model.panels["month", "enterprise"]
    rows["sector"] = np.nan
    for target, own in rows.groupby("target"):
        served = panel.targets[target]
        expected = served.prior.expect(own["industry"].to_numpy())
        rows.loc[own.index, "sector"] = served.link.inverse(expected)
    return rows.assign(inside=(rows["truth"] >= rows["0.05"]) & (rows["truth"] <= rows["0.95"]))


@pytest.mark.parametrize("age", [0, 3])
def test_every_target_is_answered_for_twelve_months(judged, age) -> None:
    assert set(judged.loc[judged["age"] == age, "target"]) == set(TARGETS)
    assert judged.loc[judged["age"] == age, "horizon"].nunique() == 12


@pytest.mark.parametrize("target", TARGETS)
def test_three_months_tell_more_than_the_sector_s_mean(judged, target) -> None:
    own = judged[(judged["age"] == 3) & (judged["target"] == target)]
    model, sector = ((own[name] - own["truth"]).abs().mean() for name in ("mean", "sector"))
    assert model <= sector


@pytest.mark.parametrize("age", [0, 3])
def test_intervals_of_young_plants_hold(judged, age) -> None:
    own = judged[judged["age"] == age]
    assert 0.85 <= own["inside"].mean() <= 0.97
    by_target = own.groupby("target")["inside"].mean()
    assert by_target.between(0.78, 0.995).all(), by_target.to_dict()


def test_without_history_the_fan_is_the_sector_s(judged) -> None:
    own = judged[judged["age"] == 0]
    for _, rows in own.groupby(["target", "industry"]):
        middle = rows["0.50"]
        assert (middle - rows["truth"].median()).abs().max() < (rows["0.95"] - rows["0.05"]).mean()
    three = judged[judged["age"] == 3]
    width = [(frame["0.95"] - frame["0.05"]).groupby(frame["target"]).mean() for frame in (own, three)]
    assert (width[0] > 0.9 * width[1]).all()  # knowing nothing is not surer than knowing three months
