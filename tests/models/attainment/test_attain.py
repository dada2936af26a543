"""Attainment on a simulated world: without a future month it is the official grade."""

from __future__ import annotations

import numpy as np
import pytest

from features.evidence import evidence_with_notes
from features.periods import to_label
from models.attainment import attain
from models.attainment.levels import TARGET_OF, VALUE_OF, as_graded, graded, path_levels
from models.attainment.start import start
from models.rules_numpy import ArrayRules
from qm_rules import grade, load_pack, parse_evidence


@pytest.fixture(scope="module")
def begun(trained):
    return start(trained.tables, trained.fitted.model, trained.table, paths=3)


@pytest.fixture(scope="module")
def rows(trained):
    return attain(trained.tables, trained.fitted.model, table=trained.table)


def _official(tables, enterprise: str, month: int) -> dict:
    document, notes = evidence_with_notes(tables, [enterprise], to_label(month, "month"))[0]
    return grade(parse_evidence(document), pack=load_pack(), notes=notes).to_dict()


def test_with_no_future_month_the_level_is_the_official_grade(trained, begun) -> None:
    every, rules = slice(0, len(begun.sample)), ArrayRules()
    found = graded(rules, path_levels(rules, begun, every).window, begun.states)
    assert len(begun.sample) >= 8
    for row, name in enumerate(begun.sample.enterprise_ids):
        official = _official(trained.tables, name, int(begun.sample.origin[row]))
        assert set(found[row, :, 0].tolist()) == {official["level"] or official["at_most"]}, name


def test_with_no_future_month_every_indicator_is_the_official_value(trained, begun) -> None:
    for row, name in enumerate(begun.sample.enterprise_ids):
        official = _official(trained.tables, name, int(begun.sample.origin[row]))["indicators"]
        for indicator, target in TARGET_OF.items():
            if official[indicator]["status"] == "measured" and begun.sample.forecasts(target, row):
                part = slice(row, row + 1)
                value = VALUE_OF[indicator](begun.known.take(part), begun.sample.drawn[target].paths(part))
                expected = float(official[indicator]["value"])
                if indicator == "cpk":
                    value = as_graded(value, [expected])
                assert value[0, 0, 0] == pytest.approx(expected, rel=1e-6), indicator


def test_rows_are_probabilities(rows) -> None:
    assert {row.basis for row in rows} == {"window", "period"}
    for row in rows:
        assert sum(row.probabilities.values()) == pytest.approx(1.0)
        for chances in (row.reached_by, row.held_for_three):
            by_level = [chances[str(level)] for level in range(2, 6)]
            assert by_level == sorted(by_level, reverse=True)
        for level in range(2, 6):
            assert row.reached_by[str(level)] >= row.at_least(level) - 1e-12
            assert row.held_for_three[str(level)] <= row.reached_by[str(level)] + 1e-12


def test_reached_and_held_never_fall_and_nothing_is_held_for_three_in_two_months(rows) -> None:
    for basis in ("window", "period"):
        for enterprise in {row.enterprise_id for row in rows}:
            own = [r for r in rows if r.basis == basis and r.enterprise_id == enterprise]
            assert [r.horizon for r in own] == list(range(1, 13))
            for chances in ("reached_by", "held_for_three"):
                assert (np.diff([getattr(r, chances)["3"] for r in own]) >= 0).all()
            assert {r.held_for_three["2"] for r in own[:2]} == {0.0}


def test_the_window_is_steadier_than_the_month(rows) -> None:
    sure = {
        basis: np.mean([max(r.probabilities.values()) for r in rows if r.basis == basis and r.horizon == 1])
        for basis in ("window", "period")
    }
    assert sure["window"] >= sure["period"]


def test_an_enterprise_without_assessments_has_scope_performance(trained, rows) -> None:
    assessed = set(trained.tables.arrow["assessments"]["enterprise_id"].to_pylist())
    for row in rows:
        if row.enterprise_id not in assessed:
            assert row.scope == "performance"
            assert "qms" not in row.held


def test_what_is_not_tracked_is_held_and_named(rows) -> None:
    held = {name for row in rows for name in row.held}
    assert any(name.endswith(("not_tracked", "inadmissible", "not_supplied")) for name in held)


def test_one_enterprise_alone_gets_the_same_answer(trained, rows) -> None:
    one = rows[0].enterprise_id
    alone = attain(trained.tables, trained.fitted.model, [one], table=trained.table)
    assert alone == [row for row in rows if row.enterprise_id == one]
