"""The table that people read, against sums made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.peers.table import BANDS, summary

NAMES = ("model", "oracle", "ets", "ets_plain", "naive")


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product([["ftq", "ppm"], range(4), range(5), range(1, 13)])
    frame = index.to_frame(index=False, name=["target", "t", "entity", "horizon"])
    frame = frame.assign(frequency="month", scope="enterprise", world=1)
    size = np.where(frame["target"] == "ppm", 1000.0, 0.01)
    for name, factor in zip(NAMES, (1.0, 0.5, 2.0, 1.6, 3.0), strict=True):
        frame[f"ae.{name}"] = factor * size * rng.exponential(size=len(frame))
        frame[f"crps.{name}"] = 0.7 * frame[f"ae.{name}"]
        frame[f"inside.{name}"] = (rng.random(len(frame)) < 0.9).astype(float)
    frame.loc[frame["entity"] > 1, [f"{m}.naive" for m in ("ae", "crps", "inside")]] = np.nan
    return frame


@pytest.fixture(scope="module")
def table(cells) -> pd.DataFrame:
    return pd.DataFrame(summary(cells)).set_index(["target", "band", "peer"]).sort_index()


def test_every_target_band_and_forecaster_has_a_row(table):
    assert set(table.index.get_level_values("band")) == set(BANDS)
    assert len(table) == 3 * len(BANDS) * len(NAMES)
    assert table.index.is_unique


def test_errors_coverage_and_ratios_by_hand(cells, table):
    part = cells.query("target == 'ppm' and 4 <= horizon <= 6")
    row = table.loc[("ppm", "4-6", "ets")]
    assert row["mae"] == pytest.approx(part["ae.ets"].mean())
    assert row["crps"] == pytest.approx(part["crps.ets"].mean())
    assert row["coverage_90"] == pytest.approx(part["inside.ets"].mean())
    assert row["ratio_mae"] == pytest.approx(part["ae.model"].sum() / part["ae.ets"].sum())
    assert (row["n"], row["origins"]) == (len(part), 4)


def test_a_peer_is_compared_on_its_own_cells(cells, table):
    part = cells.query("target == 'ftq' and horizon == 12 and entity < 2")
    row = table.loc[("ftq", "12", "naive")]
    assert row["n"] == len(part)
    assert row["model_mae"] == pytest.approx(part["ae.model"].mean())


def test_the_way_to_the_oracle_is_told_from_the_stronger_ets(cells, table):
    part = cells.query("target == 'ftq' and horizon == 1")
    ours, best, theirs = (part[f"ae.{name}"].mean() for name in ("model", "oracle", "ets"))
    assert table.loc[("ftq", "1", "ets"), "way_mae"] == pytest.approx((theirs - ours) / (theirs - best))
    for band in BANDS:
        rows = table.loc[("ppm", band)]
        stronger = rows.loc[["ets", "ets_plain"], "mae"].idxmin()
        assert rows.loc["model", "way_mae"] == rows.loc[stronger, "way_mae"]


def test_pooled_targets_count_alike(cells, table):
    scaled = []
    for _, part in cells.query("2 <= horizon <= 3").groupby(["target", "horizon"]):
        scaled.append(part["ae.ets"] / part["ae.model"].mean())
    assert table.loc[("all", "2-3", "ets"), "mae"] == pytest.approx(pd.concat(scaled).mean())
    assert table.loc[("all", "2-3", "model"), "mae"] == pytest.approx(1.0)
