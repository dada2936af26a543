"""Attainment on a simulated world: without a future month it is the official grade."""

from __future__ import annotations

import numpy as np
import pytest

from features.evidence import evidence_with_notes
from features.model_table import build_model_table
from features.periods import to_label
from features.simulator.world import World
from features.tables import FrameTables
from models.attainment import attain, window
from models.attainment.attain import INDICATORS, official_states, path_levels
from models.attainment.known import known_months
from models.attainment.sample import sample
from models.forecast.fit import fit
from models.forecast.rolling import Settings
from models.rules_numpy import ArrayRules
from qm_rules import grade, load_pack, parse_evidence


@pytest.fixture(scope="module")
def world():
    tables = FrameTables(World(5, enterprises=12, months=40).tables())
    table = build_model_table(tables)
    return tables, table, fit(table, Settings(refits=2)).model


def test_with_no_future_month_the_level_is_the_official_grade(world) -> None:
    tables, table, model = world
    drawn = [p for p in sample(model, table, paths=3) if p.frequency == "month"]
    months = {p.enterprise_id: p.origin for p in drawn}
    states, known = official_states(tables, months), known_months(tables, months)
    assert len(drawn) >= 8
    for paths in drawn:
        document, notes = evidence_with_notes(tables, [paths.enterprise_id], to_label(paths.origin, "month"))[
            0
        ]
        official = grade(parse_evidence(document), pack=load_pack(), notes=notes).to_dict()
        enterprise = paths.enterprise_id
        levels = path_levels(ArrayRules(), paths, states[enterprise], known[enterprise], 0, "window")
        assert set(levels.tolist()) == {official["level"] or official["at_most"]}, enterprise


def test_with_no_future_month_every_indicator_is_the_official_value(world) -> None:
    tables, table, model = world
    drawn = [p for p in sample(model, table, paths=2) if p.frequency == "month"]
    months = {p.enterprise_id: p.origin for p in drawn}
    known = known_months(tables, months)
    for paths in drawn:
        document, notes = evidence_with_notes(tables, [paths.enterprise_id], to_label(paths.origin, "month"))[
            0
        ]
        official = grade(parse_evidence(document), pack=load_pack(), notes=notes).to_dict()["indicators"]
        for name in INDICATORS:
            if official[name]["status"] == "measured" and INDICATORS[name] in paths.values:
                ours = _window_value(name, known[paths.enterprise_id], paths.values[INDICATORS[name]])
                assert ours == pytest.approx(float(official[name]["value"]), rel=1e-9), name


def _window_value(name: str, known, path) -> float:
    if name == "sigma":
        bad, units = window.nonconforming_share(known, path, 0)
        return bad[0] / units[0] * 1e6
    if name in {"cpk", "ftq"}:
        return (window.lowest_cpk if name == "cpk" else window.rolled_yield)(known, path, 0)[0]
    return window.loss_rate(known, name.split("_")[0], path, 0)[0]


def test_rows_are_probabilities(world) -> None:
    tables, table, model = world
    rows = attain(tables, model, table=table)
    assert {row.basis for row in rows} == {"window", "period"}
    for row in rows:
        assert sum(row.probabilities.values()) == pytest.approx(1.0)
        reached = [row.reached_by[str(level)] for level in range(2, 6)]
        assert reached == sorted(reached, reverse=True)
        assert all(row.reached_by[str(k)] >= row.at_least(k) - 1e-12 for k in range(2, 6))


def test_reached_by_never_falls(world) -> None:
    tables, table, model = world
    rows = attain(tables, model, table=table)
    for basis in ("window", "period"):
        for enterprise in {row.enterprise_id for row in rows}:
            own = [r for r in rows if r.basis == basis and r.enterprise_id == enterprise]
            assert [r.horizon for r in own] == list(range(1, 13))
            assert (np.diff([r.reached_by["3"] for r in own]) >= 0).all()


def test_the_window_is_steadier_than_the_month(world) -> None:
    tables, table, model = world
    rows = [row for row in attain(tables, model, table=table) if row.horizon == 1]
    sure = {
        basis: np.mean([max(r.probabilities.values()) for r in rows if r.basis == basis])
        for basis in ("window", "period")
    }
    assert sure["window"] >= sure["period"]


def test_an_enterprise_without_assessments_has_scope_performance(world) -> None:
    tables, table, model = world
    assessed = set(tables.arrow["assessments"]["enterprise_id"].to_pylist())
    for row in attain(tables, model, table=table):
        if row.enterprise_id not in assessed:
            assert row.scope == "performance"
            assert "qms" not in row.held


def test_what_is_not_tracked_is_held_and_named(world) -> None:
    tables, table, model = world
    held = {name for row in attain(tables, model, table=table) for name in row.held}
    assert any(name.endswith(("not_tracked", "inadmissible", "not_supplied")) for name in held)


def test_one_enterprise_alone_gets_the_same_answer(world) -> None:
    tables, table, model = world
    everybody = attain(tables, model, table=table)
    one = everybody[0].enterprise_id
    assert attain(tables, model, [one], table=table) == [r for r in everybody if r.enterprise_id == one]
