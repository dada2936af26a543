"""Counting in doubles, the workbook comes to the levels of the exact rules, or marks what it cannot tell."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qm_rules import Policy, grade, load_pack, parse_evidence
from serving.reports.workbook.captions import AGREE, CLOSE, DISAGREE, EXACT, both
from serving.reports.workbook.figures import Figures
from serving.reports.workbook.sheets.check import outcome
from serving.reports.workbook.values import is_kept, safe_text
from tests.qm_rules.evidences import capable, delivered, evidences, excellent, first_passed, lost
from tests.serving.reports.workbook.cases import AT_THRESHOLD, JUST_BELOW, anyone, at

CASES = yaml.safe_load(
    (Path(__file__).parents[3] / "qm_rules" / "cases" / "thresholds.yaml").read_text(encoding="utf-8")
)
READINGS = Policy().readings(load_pack().policies)


def figures_of(document, policy=None):
    found = grade(parse_evidence(document), policy=policy)
    return found, Figures(found)


def closes(figures):
    return {name for name in figures.grade.book.ladders if figures.of(name).close}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(evidences(), st.sampled_from(READINGS))
def test_any_evidence_gets_the_levels_of_the_rules_or_a_mark(document, policy):
    found, figures = figures_of(document, policy)
    for name, level in found.own.items():
        if name not in closes(figures):
            assert figures.own[name] == level, name
    if not closes(figures):
        assert (figures.level, figures.at_most, figures.dimensions) == (
            found.level,
            found.at_most,
            found.dimensions,
        )
        assert outcome(found, figures) == both(AGREE)


@pytest.mark.parametrize("seed", range(200))
def test_plants_as_they_are_need_no_exact_arithmetic(seed):
    found, figures = figures_of(anyone(seed), READINGS[seed % len(READINGS)])
    assert closes(figures) == set()
    assert figures.levels == found.levels


@pytest.mark.parametrize("level", AT_THRESHOLD)
def test_at_a_threshold_the_comparison_is_exact_and_right(level):
    found, figures = figures_of(at(AT_THRESHOLD[level]))
    assert [figures.of(name).level for name in found.indicators] == [level] * 5
    below, under = figures_of(at(JUST_BELOW[level]))
    losses = 1 if level > 2 else 0  # level 2 asks for tracking only: nothing known is below it
    assert [under.of(name).level for name in below.indicators] == [level - 1] * 3 + [
        max(2, level - losses)
    ] * 2
    for one in (figures, under):
        judged = [found for name in one.grade.book.ladders for found in one.of(name).judged.values()]
        assert {found.arithmetic for found in judged} == {both(EXACT), ""}  # "": level 2 of the losses


@pytest.mark.parametrize(
    ("indicator", "case"), [(indicator, case) for indicator, cases in CASES.items() for case in cases]
)
def test_every_case_of_the_rules_own_table(indicator, case):
    document = {
        "sigma": lambda: excellent(deliveries=delivered(case["nonconforming"], case["units"])),
        "cpk": lambda: excellent(capability=[capable(case["cpk"])]),
        "ftq": lambda: excellent(first_pass=first_passed(case["passed"], case["submitted"])),
    }.get(indicator, lambda: excellent(losses=lost(**{indicator.removesuffix("_loss"): case["amount"]})))()
    found, figures = figures_of(document, Policy(**case.get("policy", {})))
    assert figures.of(indicator).level == case["level"] or indicator in closes(figures)
    assert outcome(found, figures) == both(AGREE) or indicator in closes(figures)


ADVERSARIES = {
    "sigma": excellent(deliveries=delivered(230 * 10**20 + 1, 10**26)),
    "ftq": excellent(first_pass=first_passed(95 * 10**20 - 1, 10**22)),
    "cpk": excellent(capability=[capable("1.32999999999999999999")]),
    "internal_loss": excellent(losses=lost("14999.99999999999999999"), output_value="1000000"),
}


@pytest.mark.parametrize("indicator", ADVERSARIES)
def test_what_no_spreadsheet_can_tell_is_marked_and_never_silent(indicator):
    found, figures = figures_of(ADVERSARIES[indicator])
    assert closes(figures) == {indicator}
    assert outcome(found, figures) != both(AGREE)
    wrong = figures.of(indicator).level != found.own[indicator]
    assert outcome(found, figures).startswith(both(DISAGREE) if wrong else both(AGREE))
    assert both(CLOSE) in {judged.arithmetic for judged in figures.of(indicator).judged.values()}


def test_the_adversaries_do_deceive_doubles():
    wrong = [name for name, document in ADVERSARIES.items() if _is_wrong(name, document)]
    assert len(wrong) >= 3


def _is_wrong(name, document):
    found, figures = figures_of(document)
    return figures.of(name).level != found.own[name]


@given(st.integers(0, 10**30), st.integers(0, 20))
def test_a_number_is_kept_if_fifteen_digits_say_it(number, decimals):
    text = f"{number}.{'7' * decimals}" if decimals else str(number)
    assert is_kept(text) is (float(f"{float(text):.15g}") == float(text) and _says(text))


def _says(text):
    from decimal import Decimal

    return Decimal(f"{float(text):.15g}") == Decimal(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_texts_never_become_one_cell(one, other):
    assert (safe_text(one) == safe_text(other)) is (one == other)


def test_texts_that_a_file_cannot_hold_end_in_their_hash():
    for text in ("x" * 40_000, "<r>bold</r>", "a\x00b", "\uffff"):
        assert safe_text(text) != text
        assert len(safe_text(text)) < 1100
    assert safe_text("=1+1") == "=1+1"
