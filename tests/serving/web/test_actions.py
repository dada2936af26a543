"""What a recommendation says on a page: from codes and numbers, in both languages."""

import re

import pytest

from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES
from models.recommend.benefit_rows import ASSUMPTION_CODES
from models.recommend.methods import TASKS
from models.recommend.rows import MEASURE_CODES, METHOD_WHYS, METHODS, REASON_CODES
from serving.web.language import language
from serving.web.views.action_details import assumption_text, evidence_lines, level_sentence, measure_lines
from serving.web.views.actions import (
    action_views,
    next_step,
    no_action_reason,
    reason_text,
    together_sentence,
    withheld_views,
)

ZH, EN = language("zh"), language("en")
PARAMETERS = {"heat": {"name": "炉温", "unit": "℃"}, "load": {"name": "订单负荷"}}


def money(estimate, low, high):
    return {"estimate": estimate, "low": low, "high": high}


TABLE = {
    "lines": [
        {"side": "internal", "category": "scrap", "now": 8e5, "avoided": money(1.6e5, 1e5, 2e5)},
        {"side": "internal", "category": "rework", "now": 2e5, "avoided": money(4e4, 2e4, 6e4)},
    ],
    "internal_now": 1e6,
    "external_now": None,
    "avoided_internal": money(2e5, 1e5, 3e5),
    "avoided_external": None,
    "avoided": money(2e5, 1e5, 3e5),
    "holding_cost": 5e4,
    "one_off_cost": 9e4,
    "net": money(1.5e5, 5e4, 2.5e5),
    "positive": 0.97,
    "payback_months": 8.4,
    "years": [
        {"first": "2025-07", "last": "2026-06", "share": 1, "avoided": 2e5, "cost": 1.4e5, "net": 6e4},
        {"first": "2026-07", "last": None, "share": 1, "avoided": 2e5, "cost": 5e4, "net": 1.5e5},
    ],
    "assumptions": [{"code": "losses_last_twelve", "values": {"months": 12.0}, "text": "…"}],
}
ROW = {
    "enterprise_id": "E1",
    "rank": 1,
    "parameter_id": "heat",
    "parameter_name": "炉温",
    "process_id": "20",
    "process_name": "热处理",
    "unit": "℃",
    "from": 850.0,
    "to": 861.0,
    "target": "ftq",
    "effect": money(0.01, 0.004, 0.015),
    "effects": [{"target": "ftq", **money(0.01, 0.004, 0.015), "base": 0.94, "link_mean": -1, "link_sd": 1}],
    "arrival_periods": 3,
    "moves_level": {
        "indicator": "ftq",
        "from_level": 2,
        "to_level": 3,
        "since": "2025-06",
        "period": "2025-12",
        "probability": 0.61,
        "after_a_year": 0.84,
        "without": 0.02,
        "basis": "forecast",
    },
    "also_moves": [],
    "level_gap": None,
    "benefit": 2e5,
    "benefit_low": 1e5,
    "benefit_high": 3e5,
    "cost": 5e4,
    "payback_months": 8.4,
    "benefit_table": TABLE,
    "confidence": "strong",
    "evidence": {
        "history_periods": 50.0,
        "sector_periods": 600.0,
        "placebo_p": 0.02,
        "random_common_cause": 0.1,
        "subset_same_sign": 0.97,
        "robustness_value": 0.2,
        "gauge_reliability": 0.8,
        "benchmark_parameter_id": "load",
        "benchmark_times": 3.4,
        "range_shown": [840.0, 870.0],
    },
    "measure": [
        {"code": "lever", "what": "heat", "readings": 9},
        {"code": "first_pass", "what": "20", "readings": None},
        {"code": "gauge_rr", "what": "heat", "readings": None},
    ],
    "method": "SPC",
    "method_why": "set_point",
    "task": "工信部联科〔2023〕249号 任务8 科学运用循证决策模式",
    "task_number": 8,
    "withheld": [{"parameter_id": "load", "reason_code": "covers_zero", "target": "ftq"}],
}
SILENT = {
    "enterprise_id": "E2",
    "rank": None,
    "reason": "English words",
    "reason_code": "noisy_gauge",
    "reason_parameter_id": "heat",
}


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_every_code_has_its_sentences(t):
    for code in REASON_CODES:
        assert "heat" not in reason_text(t, code, "heat", PARAMETERS)
        assert t.has(f"reason.next.{code}")
    keys = [f"method.{m}" for m in METHODS] + [f"method.why.{w}" for w in METHOD_WHYS]
    keys += [f"measure.{m}" for m in MEASURE_CODES] + [f"task.{n}" for n in TASKS]
    keys += [f"benefit.assume.{c}" for c in ASSUMPTION_CODES]
    keys += [f"cost.{c}" for c in (*INTERNAL_LOSSES, *EXTERNAL_LOSSES)]
    assert [key for key in keys if not t.has(key)] == []
    assert all(title in t(f"task.{number}") for number, title in TASKS.items())


def test_the_card_says_what_the_row_holds():
    view = action_views(EN, [ROW], PARAMETERS)[0]
    assert (view["title"], view["process"]) == ("炉温", "Process: 热处理")
    assert (view["start"], view["end"]) == ("850 ℃", "861 ℃")
    assert view["payback"] == "8.4 months"
    assert "CNY 100 thousand to CNY 300 thousand" in view["benefit_interval"]
    assert view["effects"][0]["then"] == EN.percent(0.95)
    assert view["level"]["head"].endswith("检验级 Inspection → 保证级 Assurance")
    assert "Dec 2025" in view["level"]["note"]
    assert "84" in view["level"]["note"]


def test_the_table_shows_sides_categories_sums_years_and_only_what_is_on_record():
    table = action_views(ZH, [ROW], PARAMETERS)[0]["table"]
    assert [(line["name"], line["whole"]) for line in table["lines"]] == [
        ("内部损失", True),
        ("报废", False),
        ("返工返修", False),
    ]
    assert [line["avoided"] for line in table["sums"]] == ["20.0 万元", "−5.00 万元", "15.0 万元"]
    assert "9.00 万元" in table["facts"][1]
    assert [re.findall(r"净收益 ([\d.]+)", year) for year in table["years"]] == [["6.00"], ["15.0"]]
    assert table["assumptions"] == ["损失水平取最近 12 个月的报表。"]


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
def test_every_attempt_to_break_it_is_a_line_of_its_own(t):
    lines = evidence_lines(t, ROW, PARAMETERS)
    assert len(lines) == 7
    hidden = next(line for line in lines if "订单负荷" in line)
    assert "3.40" in hidden
    assert "20" in hidden
    lone = {**ROW, "evidence": {"robustness_value": 0.2}, "arrival_periods": 1}
    assert evidence_lines(t, lone, PARAMETERS) == [hidden.split("3.40")[0][:0] + _alone(t)]


def _alone(t):
    gap = "" if t is ZH else " "
    return t("evidence.hidden", share=t.percent(0.2, 0)) + gap + t("evidence.hidden.alone")


def test_what_to_record_names_the_lever_its_readings_and_the_process():
    lines = measure_lines(EN, ROW, PARAMETERS)
    assert "炉温" in lines[0]
    assert "9 readings" in lines[0]
    assert lines[1].endswith("热处理.")


def test_levels_where_none_moves_say_what_is_missing_and_never_round_across_a_threshold():
    gap = {
        "indicator": "ftq",
        "level": 3,
        "now": 0.94,
        "value": 0.949996,
        "operator": ">=",
        "needs": 0.95,
        "probability": 0.49,
    }
    said = level_sentence(EN, {"moves_level": None, "level_gap": gap})
    assert "95.0" not in said.split("asks")[0]
    assert "≥95" in said
    assert level_sentence(EN, {"moves_level": None, "level_gap": None}) == ""
    assert level_sentence(ZH, ROW).count("。") == 3


def test_silence_is_told_by_its_code_with_what_would_settle_it():
    assert "炉温" in no_action_reason(ZH, [SILENT], PARAMETERS, published=True)
    assert "English" not in no_action_reason(ZH, [SILENT], PARAMETERS, published=True)
    assert "GR&R" in next_step(ZH, [SILENT], PARAMETERS)
    assert next_step(ZH, [ROW], PARAMETERS) == ""
    old = {"rank": None, "reason": "words of an earlier version"}
    assert no_action_reason(EN, [old], {}, published=True) == EN("actions.none")


def test_withheld_levers_and_joint_effects():
    assert withheld_views(EN, [ROW], PARAMETERS) == [
        EN("reason.covers_zero", name="订单负荷").replace("the", "The", 1)
    ]
    joint = {
        "parameter_ids": ["heat", "load"],
        "benefit": 3e5,
        "benefit_low": 1e5,
        "benefit_high": 4e5,
        "effects": [],
    }
    assert "CNY 300 thousand" in together_sentence(EN, [{**ROW, "together": joint}])
    assert together_sentence(EN, [ROW]) == ""


def test_an_unknown_assumption_keeps_its_own_words():
    assert assumption_text(EN, {"code": "new", "values": {}, "text": "as written"}) == "as written"
