"""The published outlook: atomic, additive, and read without any model library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from features.model_table import build_model_table
from features.settings import Settings
from features.simulator.world import World
from features.tables import FrameTables
from models import outlook, training
from models.forecast.bundle import save
from models.forecast.driver_rows import OTHERS
from models.learning.fit import fit
from models.learning.rolling import Settings as Effort
from models.outlook import NoOutlookError, Outlook, publish

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    tables = FrameTables(World(3, enterprises=8, months=30).tables())
    table = build_model_table(tables)
    model = fit(table, Effort(refits=1)).model
    save(model, settings.home / "champion" / "m1")
    training.point_to(settings.home / "champion", {"version": "m1"})
    advice = [{"enterprise_id": "E0001", "rank": None, "effect": None, "reason": "数据不足"}]
    shown = publish(settings, tables, lambda _: advice, table=table)
    return settings, tables, table, model, shown


def test_forecasts_are_those_of_the_model(published) -> None:
    _, _, table, model, shown = published
    rows = [row.model_dump() for row in model.forecast(table)]
    order = lambda row: (row["enterprise_id"], row["product_id"] or "", row["target"], row["horizon"])  # noqa: E731
    assert sorted(shown.forecasts(), key=order) == sorted(rows, key=order)


def test_one_enterprise_is_a_part_of_all(published) -> None:
    *_, shown = published
    own = shown.forecasts("E0002", "ftq")
    assert own == [r for r in shown.forecasts() if r["enterprise_id"] == "E0002" and r["target"] == "ftq"]
    assert own


def test_drivers_still_add_up_after_the_small_ones_are_joined(published) -> None:
    *_, shown = published
    rows = pd.DataFrame(shown.drivers())
    keys = ["enterprise_id", "product_id", "target", "horizon"]
    added = rows.groupby(keys, dropna=False).agg(
        c=("contribution", "sum"), b=("baseline", "first"), f=("forecast", "first"), top=("rank", "max")
    )
    scale = added["f"].abs().clip(lower=1.0)
    assert ((added["c"] - (added["f"] - added["b"])).abs() / scale).max() < 1e-9
    assert added["top"].max() == outlook.TOP_DRIVERS + 1


def test_a_few_drivers_are_the_largest_and_the_sum_of_the_others(published) -> None:
    _, _, table, model, _ = published
    every = model.drivers_frame(table, horizons=(1, 6))
    few = model.drivers_frame(table, horizons=(1, 6), top=3)
    kept, joined = few[few["rank"] <= 3], few[few["rank"] == 4]
    pd.testing.assert_frame_equal(
        kept.reset_index(drop=True), every[every["rank"] <= 3].reset_index(drop=True), check_exact=True
    )
    assert set(joined["feature"]) == {OTHERS}
    keys = ["enterprise_id", "product_id", "target", "horizon"]
    rest = every[every["rank"] > 3].groupby(keys)[["contribution", "contribution_model_scale"]].sum()
    pd.testing.assert_frame_equal(joined.set_index(keys)[rest.columns].sort_index(), rest.sort_index())


def test_attainment_and_recommendations(published) -> None:
    *_, shown = published
    assert {row["basis"] for row in shown.attainment("E0001")} <= {"window", "period"}
    assert shown.recommendations("E0001")[0]["reason"] == "数据不足"
    assert shown.recommendations("E0002") == []


def test_a_second_outlook_replaces_the_first_and_old_ones_go(published) -> None:
    settings, tables, table, _, shown = published
    for _ in range(4):
        latest = publish(settings, tables, table=table)
    assert Outlook.load(settings).folder == latest.folder != shown.folder
    folders = [entry for entry in (settings.home / "outlook").iterdir() if entry.is_dir()]
    assert len(folders) == outlook.KEPT


def test_nothing_published_is_said(tmp_path) -> None:
    with pytest.raises(NoOutlookError, match="zhuoyue train"):
        Outlook.load(Settings(home=tmp_path))


def test_reading_needs_no_model_library(published) -> None:
    settings, *_ = published
    code = (
        "import sys, json\nfrom features.settings import Settings\nfrom models.outlook import Outlook\n"
        f"rows = Outlook.load(Settings(home={str(settings.home)!r})).forecasts('E0001')\n"
        "loaded = [m for m in ('lightgbm', 'sklearn', 'mlflow', 'shap') if m in sys.modules]\n"
        "print(json.dumps([len(rows), loaded]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    rows, loaded = json.loads(done.stdout)
    assert rows > 0
    assert loaded == []
