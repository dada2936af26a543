"""Official grades in words: never rounded across a threshold, gaps that suffice, plain notes."""

import math
from decimal import Decimal

import pytest

from qm_rules import Policy, grade, load_pack, parse_evidence
from serving.web.language import language
from serving.web.views.grade import grade_view
from serving.web.views.indicators import honest_digits, indicators_view, threshold_text
from serving.web.views.outlook import attainment_view
from serving.web.views.sigma import shown_sigma
from serving.web.views.words import feature_name, feature_value, note_text

ZH, EN = language("zh"), language("en")
MANAGEMENT = list(load_pack().items)


NOTE_CODES = (
    "thin_evidence",
    "few_values",
    "too_few",
    "unstable",
    "missing_months",
    "short_window",
    "no_key_marked",
    "uninspected_process",
)
"""The codes that the specification of the grade lists."""


def capability(cpk: str, *, stable: bool = True) -> list[dict]:
    """One key characteristic."""
    return [{"characteristic_id": "C1", "key": True, "cpk": cpk, "n": 125, "stable": stable}]


def evidence(**changes) -> dict:
    """The example of the specification, with changes; None takes a part away."""
    whole = {
        "enterprise_id": "E001",
        "window": {"start": "2025-01", "end": "2025-12"},
        "deliveries": [{"product_id": "P1", "units": 1_000_000, "nonconforming": 180}],
        "first_pass": [
            {"product_id": "P1", "process_id": "10", "seq": 1, "submitted": 51_000, "passed_first": 50_800}
        ],
        "capability": capability("1.412"),
        "losses": {
            "internal": {"tracked": True, "amounts": {"scrap": "120000.00", "rework": "80000.00"}},
            "external": {"tracked": True, "amounts": {"claims": "30000.00"}},
        },
        "output_value": "98000000.00",
        "management": dict.fromkeys(MANAGEMENT, 4),
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def graded(**changes):
    document = evidence(**changes)
    return grade(parse_evidence(document)).to_dict(), document


def rows(t=EN, **changes) -> dict:
    answer, document = graded(**changes)
    return dict(zip(answer["indicators"], indicators_view(t, answer, document), strict=True))


@pytest.mark.parametrize(
    ("indicator", "value", "scale", "digits"),
    [
        ("cpk", "1.33", 1, 2),
        ("cpk", "1.3299", 1, 4),
        ("cpk", "1.32999999", 1, 8),
        ("ftq", "0.9499", 100, 2),
        ("ftq", "0.949999", 100, 4),
        ("ftq", "0.95", 100, 2),
        ("internal_loss", "0.029999", 100, 4),
        ("internal_loss", "0.03", 100, 2),
    ],
)
def test_a_value_is_never_rounded_across_a_threshold(indicator, value, scale, digits):
    assert honest_digits(indicator, Decimal(value), Decimal(scale)) == digits


def test_the_shown_cpk_agrees_with_its_level():
    row = rows(capability=capability("1.329999"))["cpk"]
    assert row["value"] == "1.329999"
    assert [cell["level"] for cell in row["cells"] if cell["here"]] == [2]


def test_thresholds_are_told_in_the_documents_figures():
    told = [threshold_text(EN, "sigma", level) for level in range(1, 6)]
    assert told == [">66,800", "≤66,800", "≤6,200", "≤230", "≤3.4"]
    assert [threshold_text(ZH, "ftq", level) for level in range(1, 6)] == [
        "<90%",
        "≥90%",
        "≥95%",
        "≥97%",
        "≥98%",
    ]
    told = [threshold_text(ZH, "internal_loss", level) for level in range(1, 6)]
    assert told == ["未统计", "≥3%", "<3%", "<1.5%", "<0.75%"]


def test_one_characteristic_is_told_from_where_to_where():
    row = rows(capability=capability("1.4111"))["cpk"]
    assert (row["gap"], row["places"]) == ("C1: 1.4111 → 1.67", ())


def test_of_many_characteristics_the_lowest_are_named():
    many = [capability(f"1.{digit}0")[0] | {"characteristic_id": f"C{digit}"} for digit in (6, 4, 5, 3, 7)]
    many[-1]["stable"] = True
    row = rows(capability=[*many, *capability("1.35")])["cpk"]  # the lowest is below 1.33: on to level 3
    assert row["gap"] == "C3: 1.30 → 1.33"
    row = rows(ZH, capability=[one | {"cpk": f"{Decimal(one['cpk']) + Decimal('0.05')}"} for one in many])[
        "cpk"
    ]
    assert row["gap"] == "4 个特性的 Cpk 须提高"  # 1.75 is enough
    assert row["places"] == ("C3：1.35 → 1.67", "C4：1.45 → 1.67", "C5：1.55 → 1.67", "另有 1 处")


def test_a_gap_is_told_in_units():
    found = rows(ZH, deliveries=[{"product_id": "P1", "units": 200_000, "nonconforming": 100}])
    assert found["sigma"]["gap"] == "不合格品减少 54 件"
    assert found["sigma"]["worth"] == "交付数不变，由 100 件降到 46 件"
    two = [
        {"product_id": name, "units": 100_000, "nonconforming": bad} for name, bad in (("A", 20), ("B", 80))
    ]
    assert rows(deliveries=two)["sigma"]["places"] == (
        "Product B: 80 nonconforming",
        "Product A: 20 nonconforming",
    )


def test_a_gap_is_told_in_money_to_the_cent():
    internal = {"tracked": True, "amounts": {"scrap": "1960000.00"}}
    changes = {"losses": evidence()["losses"] | {"internal": internal}}
    found = rows(EN, **changes)["internal_loss"]
    assert found["gap"] == "CNY 490,000.01 less loss a year"  # the rate must be under 1.5 % of 98 million
    assert found["places"] == ("scrap: CNY 1,960,000.00",)
    found = rows(ZH, **changes, missing_months={"internal": ["2025-03"]})["internal_loss"]
    assert found["gap"] == "本窗口内损失减少 490,000.01 元"


def test_a_gap_is_told_in_points_at_the_processes_of_the_cheapest_split():
    route = [
        {"product_id": "P", "process_id": str(seq), "seq": seq, "submitted": 1000, "passed_first": passed}
        for seq, passed in ((1, 990), (2, 950))
    ]
    found = rows(first_pass=route)["ftq"]
    assert found["gap"] == "10 more first-pass units"  # 0.99 × 0.96 = 0.9504
    assert found["places"] == ("P, process 2: 95.00\u00a0% → 96.00\u00a0% (+1.00 pp, 10 units)",)
    assert rows(ZH, first_pass=route)["ftq"]["places"] == (
        "P · 工序 2：95.00% → 96.00%（+1.00 个百分点，10 件）",
    )


def test_the_hole_of_the_literal_reading_is_told():
    document = evidence(capability=capability("0.5"))
    answer = grade(parse_evidence(document), policy=Policy(level2_loss="literal")).to_dict()
    row = dict(zip(answer["indicators"], indicators_view(EN, answer, document), strict=True))["internal_loss"]
    assert row["gap"] == "–"
    assert "nothing to improve here" in row["worth"]


@pytest.mark.parametrize(
    ("changes", "indicator", "value", "gap"),
    [
        ({"deliveries": None}, "sigma", "–", "Supply the data"),
        ({"capability": []}, "cpk", "–", "Start tracking it"),
        ({"losses": {"internal": {"tracked": False}}}, "internal_loss", "–", "Start tracking it"),
        ({"losses": {"internal": {"tracked": False}}}, "external_loss", "–", "Supply the data"),
        (
            {"capability": capability("1.5", stable=False)},
            "cpk", "1.50", "Make the process stable first",
        ),
        (
            {"capability": [capability("1.5")[0] | {"n": 20}]},
            "cpk", "1.50", "Measure more first",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_says_what_to_do(changes, indicator, value, gap):
    row = rows(**changes)[indicator]
    assert (row["value"], row["gap"]) == (value, gap)
    assert row["extra"]


def test_the_top_level_has_no_gap():
    row = rows(capability=capability("2.4"))["cpk"]
    assert row["gap"] == "Top level"


def test_the_ladder_marks_where_we_are():
    answer, document = graded()
    view = grade_view(EN, answer, document)
    assert [step["state"] for step in view["ladder"]] == ["done", "done", "here", "ahead", "ahead"]
    assert view["ladder"][3]["note"] == "Next: 1 to go"
    assert "保证级 Assurance" in view["sentence"]


def test_the_next_wording_of_the_items_is_quoted_once_for_all_that_share_it():
    document = evidence(
        management=dict.fromkeys(MANAGEMENT, 5) | {"data": 2, "production": 3, "rd_design": 3}
    )
    answer = grade(parse_evidence(document)).to_dict()
    asked = grade_view(ZH, answer, document)["asked"]
    wording = load_pack().items
    assert [(one["names"], one["quote"], one["binding"]) for one in asked] == [
        ("质量数据收集与应用", wording["data"].wording[3], True),
        ("研发设计、生产制造", wording["production"].wording[4], False),
    ]
    view = grade_view(EN, answer, document)
    assert view["asked"][0]["translation"] == load_pack().english(wording["data"].wording[3])
    assert "Chinese text governs" in view["governs"]
    assert grade_view(EN, *graded(management=dict.fromkeys(MANAGEMENT, 5)))["asked"] == []


def test_an_incomplete_grade_says_what_is_missing_and_what_is_still_possible():
    answer, document = graded(management=None)
    view = grade_view(ZH, answer, document)
    assert {step["state"] for step in view["ladder"]} == {"ahead"}
    assert "暂不能定级" in view["sentence"]
    assert "体系与方法" in view["sentence"]
    assert [dimension["level"] for dimension in view["dimensions"]][1:] == [None, None, None]


@pytest.mark.parametrize("t", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("code", NOTE_CODES)
def test_every_note_has_plain_words(t, code):
    text = note_text(t, {"code": code, "indicator": "cpk", "product_id": "P1"})
    assert code not in text
    assert len(text) > 12


def test_sigma_for_the_eye():
    assert shown_sigma(66_807, 1_000_000) == (pytest.approx(3.0, abs=1e-4), False)
    assert shown_sigma(34, 10_000_000) == (pytest.approx(5.99985, abs=1e-5), False)
    bound, lower = shown_sigma(0, 881_097)  # zero defects show 3.4 ppm at 95 % from this many units on
    assert lower
    assert bound == pytest.approx(5.99985, abs=1e-5)
    assert math.isinf(shown_sigma(5, 5)[0])


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        ("ftq.last", "First-pass yield (latest)"),
        ("ftq.mean", "First-pass yield (long-run mean)"),
        ("ppm.known", "Delivered nonconforming (periods known)"),
        ("param.furnace_temp.ew3", "炉温 (recent average)"),
        ("param.x.y.sd", "x.y (spread)"),
        ("process.2.ew3", "Yield of step 2 (recent average)"),
        ("capability.second", "Second lowest Cpk, put together"),
        ("ppm.lag4", "Delivered nonconforming (4 periods ago)"),
        ("calendar.sin", "Season"),
        ("ftq.offset", "Recent level"),
        ("industry", "Industry"),
        ("(others)", "All other factors"),
        ("brand.new", "brand.new"),
    ],
)
def test_features_have_names(feature, name):
    assert feature_name(EN, feature, {"furnace_temp": {"name": "炉温", "unit": "°C"}}) == name


@pytest.mark.parametrize(
    ("feature", "value", "text"),
    [
        ("ftq.last", 0.9735, "97.35\u00a0%"),
        ("ftq.known", 24.0, "24.0"),
        ("process.2.ew3", 0.9735, "97.35\u00a0%"),
        ("capability.lowest", 1.234, "1.23"),
        ("param.furnace_temp.ew3", 842.25, "842 °C"),
        ("calendar.sin", 0.5, "–"),
        ("industry", 34.0, "–"),
        ("cpk.last", math.nan, "–"),
        ("cpk.last", None, "–"),
    ],
)
def test_features_have_values(feature, value, text):
    assert feature_value(EN, feature, value, {"furnace_temp": {"name": "炉温", "unit": "°C"}}) == text


@pytest.mark.parametrize(
    ("held", "text"),
    [("3.2", ""), ("cpk: inadmissible", "breaks the definition"), ("sigma: not_supplied", "not supplied")],
)
def test_what_is_held_is_told_in_words(held, text):
    chances = {str(level): 0.2 for level in range(1, 6)}
    row = {
        "period": "2026-01", "horizon": 1, "basis": "window", "scope": "grade", "held": [held],
        "probabilities": chances, "reached_by": chances, "held_for_three": chances,
    }  # fmt: skip
    told = attainment_view(EN, [row], None)
    assert text in told["held"]
    assert ": inadmissible" not in told["held"]
    assert len(told["tables"]) == 2
