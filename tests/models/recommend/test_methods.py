"""Method, task and what to record: by the lever's nature, and by what the data say of it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recommend.measuring import gauge_study_due, measures, readings_needed
from models.recommend.methods import TASKS, method_for
from models.recommend.rows import METHODS, IndicatorEffect
from qm_rules import load_pack


@pytest.mark.parametrize(
    ("names", "target", "reliability", "inside", "method", "why"),
    [
        ("tool_change_interval 换刀间隔", "ftq", 0.9, False, "maintenance", "upkeep"),
        ("tool_change_interval", "ftq", 0.4, False, "MSA", "poor_gauge"),
        ("p7 原料含水率", "ftq", 0.9, True, "supplier_development", "supplier"),
        ("raw_moisture", "ftq", None, False, "supplier_development", "supplier"),
        ("sampling_coverage", "ppm", 0.9, False, "inspection_plan", "detection"),
        ("p3 抽检比例", "ppm", 0.9, False, "inspection_plan", "detection"),
        ("training_hours", "ftq", 0.9, False, "training", "skill"),
        ("furnace_temp", "ftq", 0.9, True, "DOE", "optimum"),
        ("furnace_temp", "ftq", 0.9, False, "SPC", "set_point"),
        ("furnace_temp", "ppm", 0.9, False, "FMEA", "escapes"),
    ],
)
def test_method_by_evidence_and_nature(names, target, reliability, inside, method, why):
    fit = method_for(names, target, reliability, inside=inside)
    assert (fit.method, fit.why) == (method, why)


def test_every_method_serves_a_task_that_the_document_prints_under_that_number():
    source = load_pack().source
    for number, title in TASKS.items():
        assert f"{number}.{title}" in source.replace(" ", "")
    found = {method_for(n, t, r, inside=i).task_number for n, t, r, i in EVERY}
    assert found <= set(TASKS)
    assert {method_for(n, t, r, inside=i).method for n, t, r, i in EVERY} == set(METHODS)


EVERY = [
    ("interval", "ftq", 1.0, False),
    ("check", "ftq", 1.0, False),
    ("supplier", "ftq", 1.0, False),
    ("training", "ftq", 1.0, False),
    ("x", "ftq", 0.1, False),
    ("x", "ftq", 1.0, True),
    ("x", "ftq", 1.0, False),
    ("x", "ppm", 1.0, False),
]


@given(st.floats(0.02, 1.0), st.floats(1, 20))
def test_readings_asked_for_make_the_mean_reliable(reliability, readings):
    found = readings_needed(reliability, readings)
    signal, error = reliability, (1 - reliability) * readings  # per reading
    reached = signal / (signal + error / found)
    assert found >= math.floor(readings)
    assert reached >= 0.9 - 1e-9 or found == 30
    if found > math.floor(readings) and found < 30:
        assert signal / (signal + error / (found - 1)) < 0.9  # and not one too many


def test_unknown_reliability_asks_for_nothing():
    assert readings_needed(None, 4) is None
    assert readings_needed(0.0, 4) is None


def effects(*targets):
    return tuple(
        IndicatorEffect(target=t, estimate=-1, low=-2, high=0, base=5, link_mean=-1, link_sd=1)
        for t in targets
    )


def test_what_to_record_follows_what_the_move_touches():
    lever = pd.Series({"parameter_id": "heat", "process_id": "20", "gauge_sd": 0.3})
    every = effects("ftq", "internal_loss", "external_loss", "ppm")
    found = measures(every, lever, {"gauge_reliability": 0.8}, 4.0)
    assert [m.code for m in found] == [
        "lever",
        "first_pass",
        "internal_costs",
        "deliveries",
        "external_costs",
    ]
    assert (found[0].what, found[0].readings, found[1].what) == ("heat", 9, "20")
    unknown = lever.drop("gauge_sd")
    assert [m.code for m in measures(effects("ppm"), unknown, {}, 4.0)] == ["lever", "deliveries", "gauge_rr"]


@pytest.mark.parametrize(
    ("gauge_sd", "reliability", "due"),
    [(None, 0.9, True), (np.nan, None, True), (0.1, 0.9, False), (0.1, 0.3, True), (0.1, None, False)],
)
def test_a_gauge_study_is_due(gauge_sd, reliability, due):
    assert gauge_study_due(gauge_sd, reliability) is due
