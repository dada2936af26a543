"""What the proposal says, in both languages and at every stage of knowledge, and what it must never say."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recommend.rows import RecommendationRow
from serving.reports.blocks import Document, Heading, Table, Text
from serving.reports.proposal import estimates
from serving.reports.proposal.document import proposal
from serving.reports.proposal.facts import Known
from serving.reports.proposal.moves import read_moves
from serving.reports.proposal.sections.together import bounds
from serving.web.proposal_words import site_words
from tests.serving.reports import cases as evidences
from tests.serving.reports import paper
from tests.serving.reports.proposal import cases

STAGES: dict[str, Known] = {
    "whole": cases.known(cases.whole_rows()),
    "silent": cases.known(cases.silent_rows()),
    "old": cases.known(cases.old_rows()),
    "unpublished": cases.known(None),
    "no records at all": cases.known(
        None, {"enterprise_id": "E9", "window": {"start": "2025-01", "end": "2025-12"}}, parameters={}
    ),
    "no money": cases.known(
        [{**cases.whole_rows()[0], "benefit": None, "cost": None, "benefit_table": None}]
    ),
    "hostile": cases.known(cases.whole_rows(), evidences.hostile()),
}


def said(document: Document) -> str:
    """Return every text of a document, spaces that do not break as plain ones."""
    return "\n".join(paper.content(document)).replace("\N{NO-BREAK SPACE}", " ")


def in_words(known: Known, language: str = "en") -> str:
    return said(proposal(known, site_words(language)))


def headings(document: Document, depth: int = 1) -> list[str]:
    return [b.text for b in document.parts[0].blocks if isinstance(b, Heading) and b.depth == depth]


@pytest.mark.parametrize("rows", [cases.whole_rows(), cases.silent_rows()])
def test_the_rows_tried_here_are_rows_of_the_contract(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        RecommendationRow.model_validate(row)


@pytest.mark.parametrize("stage", STAGES)
def test_both_languages_say_the_same_things(stage: str) -> None:
    """Block for block and row for row; nothing is left open, and no number is none."""
    chinese, english = (proposal(STAGES[stage], site_words(code)) for code in ("zh", "en"))
    pairs = list(zip(chinese.parts[0].blocks, english.parts[0].blocks, strict=True))
    for one, other in pairs:
        assert type(one) is type(other)
        if isinstance(one, Table) and isinstance(other, Table):
            assert len(one.rows) == len(other.rows)
    own = re.escape("{{ 7*7 }}{% raw %}")
    for document in (chinese, english):
        text = re.sub(own, "", said(document))
        assert not re.search(r"\bNone\b|\bnan\b|\binf\b|\{[a-z_]+\}", text)


def test_english_is_english() -> None:
    """Of Chinese only what is quoted stays: levels and tasks by their official names."""
    plain = {name: {**row, "name": name} for name, row in cases.PARAMETERS.items()}
    known = replace(
        cases.known(cases.whole_rows(), parameters=plain), processes={"10": "printing", "20": "placing"}
    )
    text = in_words(known)
    quoted = "质量效益测算表保证级预防级产品质量水平全过程一次交验合格率促进生产制造数字化"
    assert paper.han(text) <= paper.han(quoted)


def test_the_first_page_says_level_moves_and_money() -> None:
    document = proposal(STAGES["whole"], site_words("en"))
    blocks = document.parts[0].blocks
    second = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.new_page)
    first = said(replace(document, parts=(replace(document.parts[0], blocks=blocks[:second]),)))
    for words in (
        "3 parameters should be moved",
        "CNY 96.0 k (90 % interval CNY 57.6 to 134 k) a year",
        "Assurance (3), final",
        "with a chance of 38 %",
        "do not add up",
        "1.5 months",
        "To be decided",
    ):
        assert words in first
    assert sum(len(text) for text in first.split("\n")) < 2400  # a minute, at 250 words


def test_grade_and_forecast_stand_under_different_names() -> None:
    for code, names in (
        ("zh", ["官方等级", "预测（不是官方等级）"]),
        ("en", ["Official grade", "Forecast (not an official grade)"]),
    ):
        document = proposal(STAGES["whole"], site_words(code))
        assert headings(document, 2)[:2] == names
        assert "2026-01-09" in said(document)


def test_every_move_says_what_it_takes_to_decide() -> None:
    text = in_words(STAGES["whole"])
    for words in (
        "Move 1. 回流峰值温度: 245.2 ℃ → 240.8 ℃ (印刷)",
        "+0.42 pp",
        "+0.11 to +0.72 pp",
        "−92 to −25 ppm",
        "98.11 %",
        "(71 %)",
        "Placebo",
        "912 periods",
        "25 readings",
        "DOE",
        "Task 13",
    ):
        assert words in text, words


def test_drivers_are_called_drivers_and_choose_nothing() -> None:
    text = in_words(STAGES["whole"])
    assert "explains a forecast and not a cause: no move was chosen by it" in text
    assert "All others" in text


def test_what_is_not_recommended_has_its_reason_and_a_next_step() -> None:
    text = in_words(STAGES["whole"], "zh")
    assert "锡膏黏度：效应的 90% 区间包含零" in text
    assert "zhuoyue pilot" in text
    assert "没有一项调整能凭记录负责任地提出" in in_words(STAGES["silent"], "zh")


def test_totals_are_not_sums() -> None:
    """The joint effect where it was published, else the two ends that it lies between."""
    assert "CNY 151 k (90 % interval CNY 88.0 to 214 k)" in in_words(STAGES["whole"])
    rows = [{**row, "together": None} for row in cases.whole_rows()]
    text = in_words(cases.known(rows))
    assert "between the largest alone, CNY 96.0 k, and the sum, CNY 180 k" in text
    other = {**cases.whole_rows()[0]["together"], "parameter_ids": ["oven_temp"]}
    assert "between the largest alone" in in_words(cases.known([{**rows[0], "together": other}, *rows[1:]]))


@given(st.lists(st.floats(0.0, 0.99), min_size=1, max_size=5))
def test_moves_that_do_not_act_on_each_other_lie_between_the_bounds(shares: list[float]) -> None:
    loss = 1e6
    template = cases.whole_rows()[0]
    moves = read_moves({**template, "rank": i + 1, "benefit": loss * s} for i, s in enumerate(shares))
    low, high = bounds(moves)
    whole = loss * (1 - math.prod(1 - share for share in shares))
    assert low - 1e-6 <= whole <= high + 1e-6


def test_the_table_adds_up_by_side() -> None:
    document = proposal(STAGES["whole"], site_words("en"))
    table = next(b for b in document.parts[0].blocks if isinstance(b, Table) and b.columns[0].head == "Item")
    first = {row[0].text.strip(): row[2].text.replace(",", "") for row in table.rows}
    assert float(first["Inside, sum"]) + float(first["Outside, sum"]) == float(first["Loss avoided"])
    assert float(first["Loss avoided"]) - float(first["Cost a year"]) == float(first["Net a year"])
    assert [row[0].text for row in table.rows[:2]] == ["scrap", "rework"]


def test_levers_that_share_a_reason_stand_together() -> None:
    shared = [{"parameter_id": name, "reason_code": "covers_zero"} for name in ("paste", "speed")]
    text = in_words(cases.known([{**cases.whole_rows()[0], "withheld": shared}]))
    assert "锡膏黏度, 贴装速度" in text
    assert "The 90 % interval of the effect of these parameters covers zero" in text


def test_what_moves_differ_in_is_said_of_each() -> None:
    rows = cases.whole_rows()
    rows[1]["benefit_table"]["assumptions"][1]["values"] = {"months": 7.0}
    text = in_words(cases.known(rows))
    assert "Move 1, 3: Failure costs stay what the last 12" in text
    assert "Move 2: Failure costs stay what the last 7" in text
    assert text.count("compared with leaving it alone") == 1


def test_the_schedule_waits_for_each_effect() -> None:
    text = in_words(STAGES["whole"])
    for when in ("periods 2 to 4", "periods 5 to 7", "periods 8 to 10", "end of period 19"):
        assert when in text
    unknown = [{**row, "arrival_periods": None} for row in cases.whole_rows()]
    assert in_words(cases.known(unknown)).count("open (time to effect not published)") == 3


def test_an_older_outlook_is_said_to_be_one() -> None:
    published = STAGES["whole"].published
    assert published is not None
    assert "Records have come since" in in_words(
        replace(STAGES["whole"], published=replace(published, until="2025-10"))
    )
    assert "Records have come since" not in in_words(STAGES["whole"])


def test_nothing_published_leaves_the_official_part() -> None:
    document = proposal(STAGES["unpublished"], site_words("en"))
    assert [text.partition(" ")[2] for text in headings(document)] == [
        "On one page", "Where we are", "What holds us back", "What is not recommended, and why",
    ]  # fmt: skip
    assert "Assurance (3), final" in said(document)
    assert "zhuoyue train" in said(document)


def test_what_was_done_before_stands_beside_what_was_promised() -> None:
    action = {
        "action_id": "A1", "title": "刮刀压力", "status": "done", "started_on": date(2025, 3, 1),
        "finished_on": date(2025, 3, 20),
    }  # fmt: skip
    seen = [{"target": "ftq", "estimate": 0.0031, "low": 0.0009, "high": 0.0052}]
    known = replace(
        STAGES["whole"],
        actions=(action,),
        verdicts={"A1": {"action_id": "A1", "verdict": "worked", "target": "ftq", "effects": seen}},
        promises={"A1": cases.whole_rows()[0]},
    )
    text = in_words(known)
    assert "+0.42 pp (90 % interval +0.11 to +0.72 pp)" in text
    assert "+0.31 pp (90 % interval +0.090 to +0.52 pp)" in text
    assert "worked" in text


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_places_of_a_lever_are_told_apart(one: float, other: float) -> None:
    texts = estimates.places((one, other), "℃")
    if abs(one - other) > max(1e-4, 1e-9 * abs(one)):
        assert texts[0] != texts[1]


@given(st.floats(1e-3, 1e12), st.integers(2, 4))
def test_short_keeps_so_many_digits(value: float, digits: int) -> None:
    told = float(estimates.short(value, digits).replace(",", ""))
    assert abs(told - value) <= 0.5001 * max(
        10.0 ** (math.floor(math.log10(value)) - digits + 1), 0
    ) or told == round(value)


def test_texts_are_no_blocks_of_their_own() -> None:
    """No paragraph is empty: a section with nothing to say is not there at all."""
    for known in STAGES.values():
        for block in proposal(known, site_words("zh")).parts[0].blocks:
            assert not isinstance(block, Text) or block.text.strip()
