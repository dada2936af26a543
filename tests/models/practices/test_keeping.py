"""The part of a publication: whole for a world, and empty where records are missing."""

from types import SimpleNamespace

import numpy as np
import pytest

from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.effects import fit_effects
from models.practices import Practices, compare, keeping, own_rates
from models.recommend.confidence import judge
from tests.models.practices.hands import register

KEPT = ("enterprises", "products", "processes", "inspections")


@pytest.fixture(scope="module")
def world():
    """Sixteen plants of one sector: enough for a group with leaders."""
    return FrameTables(World(1241, 16, 20, sectors=("machining",)).tables())


@pytest.fixture(scope="module")
def published(tmp_path_factory, world):
    with pytest.MonkeyPatch.context() as patch:
        return publication(tmp_path_factory.mktemp("kept"), world, patch)


def publication(folder, tables, patch, effects=True):
    """What a publication hands over, without any forecasting model."""
    table = build_model_table(tables)
    ids = sorted(tables.arrow["enterprises"]["enterprise_id"].to_pylist())
    portfolio = register(np.linspace(0.6, 0.95, len(ids)))
    names = np.array(ids)
    portfolio.enterprise_ids, portfolio.place = names, {name: at for at, name in enumerate(ids)}
    whole = table.frame[table.frame["product_id"] == ""]
    portfolio.today = int(whole["t"].max()) if len(whole) else 0
    patch.setattr(keeping.Portfolio, "load", lambda _: portfolio)
    model = fit_effects(table, targets=("ftq",)) if effects else SimpleNamespace(panels=(), of=None)
    made = SimpleNamespace(
        folder=folder, tables=tables, table=table, as_of=None, fitted=SimpleNamespace(model=model)
    )
    keeping.keep_practices(made)
    return Practices.load(folder, portfolio), made


def everybody(practices):
    return np.ones(len(practices.portfolio), dtype=bool)


def test_a_world_is_kept_and_compared(published):
    practices, made = published
    kinds = set(practices.rows["kind"])
    assert {"level", "spread", "evenness", "lot_size", "loss_inside", "gauge_known", "incoming_ppm"} <= kinds
    found = [one for row in range(16) for one in compare(practices, row, everybody(practices))]
    assert {"lot_size", "supplier_named"} <= {one.kind for one in found} <= kinds
    rates = own_rates(made.folder, practices.portfolio, everybody(practices))
    assert {(one.figure, one.year) for one in rates} >= {("first_pass", 2021), ("loss_rate", 2022)}


def test_a_verdict_is_the_effect_models_own_answer(published):
    """Moving from one's own mean to the leaders', asked of the effects directly."""
    practices, made = published
    (panel,) = made.fitted.model.panels
    effects = made.fitted.model.of(panel)["ftq"]
    told = practices.verdicts.dropna(subset=["estimate"])
    assert len(told) > 20
    for _, row in told.iloc[::7].iterrows():
        values, who = (
            practices.values(("level", row["subject"])),
            practices.portfolio.place[row["enterprise_id"]],
        )
        leaders = practices.group_of(who).leaders & np.isfinite(values) & (np.arange(16) != who)
        at = panel.enterprises.index(row["enterprise_id"]), panel.levers.index(row["subject"])
        change = effects.change(*at, values[who], values[leaders].mean())
        assert np.log1p(row["estimate"]) == pytest.approx(change.mean)
        assert np.log1p(row["high"]) - np.log1p(row["low"]) == pytest.approx(2 * 1.645 * change.sd)
        judged = judge(effects, *at, change)
        wanted = {"covers_zero": "not_shown", None: "fewer" if change.mean < 0 else "more"}
        assert row["verdict"] == wanted.get(judged.code, "not_trusted")


@pytest.mark.parametrize("kept", [(), ("enterprises",), KEPT])
def test_missing_records_leave_practices_out_and_nothing_breaks(tmp_path, kept, world, monkeypatch):
    tables = FrameTables({name: world.arrow[name] for name in kept})
    practices, made = publication(tmp_path, tables, monkeypatch, effects=False)
    assert practices.verdicts.empty
    assert set(practices.rows["kind"]) <= {"lot_size", "reinspected", "supplier_named", "defects_coded"}
    assert {one.figure for one in own_rates(made.folder, practices.portfolio, everybody(practices))} <= {
        "first_pass"
    }
    if len(practices.portfolio):
        found = compare(practices, 0, everybody(practices))
        assert {one.kind for one in found} <= set(practices.rows["kind"])
