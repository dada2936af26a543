"""What the declaration says, and what it must never say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from features.self_assessment import Answer, Assessment, Declaration, Finding, Review, State
from features.settings import Settings
from features.store import Store
from qm_rules import Policy, grade, parse_evidence
from qm_rules.trace import trace
from serving.reports.blocks import Document, Figure, Heading, Signature, Table, Text
from serving.reports.declaration import declaration
from serving.reports.facts import Facts, facts_from_evidence, facts_from_store
from serving.reports.speech import Speech
from tests.serving.reports import cases, paper


def said(document: Document, part: int = 0) -> str:
    """Return every text of one part."""
    return "\n".join(paper.content(Document(document.parts[part : part + 1], "", "", "", "", "")))


def test_a_final_grade_is_declared_and_signed() -> None:
    document = declaration(facts_from_evidence(cases.whole()), date(2026, 1, 15))
    chinese, english = said(document), said(document, 1)
    assert "现声明：本企业质量管理能力等级为保证级（3）。" in chinese
    assert "declares that it is at the level Assurance\u00a0(3)." in english
    assert "2026年1月15日" in chinese
    assert "15 January 2026" in english
    assert "草稿" not in chinese
    assert any(isinstance(block, Signature) for block in document.parts[0].blocks)


def test_without_a_date_the_line_stays_blank() -> None:
    document = declaration(facts_from_evidence(cases.whole()))
    signature = next(block for block in document.parts[0].blocks if isinstance(block, Signature))
    assert signature.lines[-1] == ("声明日期", "")


def test_a_provisional_grade_says_so() -> None:
    document = declaration(facts_from_evidence(cases.provisional()))
    assert "等级暂定为保证级（3）" in said(document)
    assert "provisional" in said(document, 1)


def test_an_incomplete_one_is_a_draft_that_nobody_can_sign() -> None:
    document = declaration(facts_from_evidence(cases.incomplete()), date(2026, 1, 15))
    for index, (title, warning) in enumerate((("草稿", "不得签署"), ("draft", "must not be signed"))):
        part = document.parts[index]
        assert title in part.title
        assert part.draft
        assert not any(isinstance(block, Signature) for block in part.blocks)
        assert any(isinstance(block, Text) and warning in block.text for block in part.blocks)
    chinese = said(document)
    assert "现声明" not in chinese
    assert "已达到最高等级" not in chinese
    assert (
        "未提供：全过程一次交验合格率、内部质量损失率、外部质量损失率、质量数据收集与应用、战略实施。"
        in chinese
    )


def test_nothing_supplied_is_not_excellence() -> None:
    empty = {"enterprise_id": "E9", "window": {"start": "2025-01", "end": "2025-12"}}
    document = declaration(facts_from_evidence(empty))
    assert "已达到最高等级" not in said(document)
    assert "最高 卓越级（5）" in said(document)


def test_every_number_of_the_trace_is_there() -> None:
    """Inputs, exact values, conditions, clauses and quotes stand in the annex, in both languages."""
    evidence = parse_evidence(cases.whole())
    found, pack = trace(grade(evidence)), grade(evidence).book.pack
    document = declaration(facts_from_evidence(evidence))
    for index, language in enumerate(("zh", "en")):
        text, say = said(document, index), Speech(language, pack)
        for line in found.lines:
            assert say(line.name) in text
            assert say(line.quote) in text
            if line.id in pack.indicators:
                wanted = [
                    line.exact,
                    *(one.value for one in line.inputs),
                    *(say(one.quote) for one in line.judgements),
                ]
                assert all(one is None or one in text for one in wanted), line.id
                assert say(line.working) in text
                assert say(line.reason) in text
        assert say(found.verdict) in text


def test_hashes_and_commands_say_how_to_repeat_it() -> None:
    facts = facts_from_evidence(cases.whole(), policy=Policy(sigma_method="formula"))
    for index in range(2):
        text = said(declaration(facts), index)
        assert facts.grade.evidence.sha256 in text
        assert facts.grade.book.pack.sha256 in text
        assert "--policy sigma_method=formula" in text
        assert "--edition miit-2023-249" in text
    assert "--policy" not in said(declaration(facts_from_evidence(cases.whole())))


def test_comparison_holds_every_reading() -> None:
    facts = facts_from_evidence(cases.whole())
    tables = [block for block in declaration(facts).parts[0].blocks if isinstance(block, Table)]
    compared = next(table for table in tables if table.columns[0].head == "序号")
    assert [row[-2].level for row in compared.rows] == [one.grade.level for one in facts.readings]


def test_no_value_is_shown_beyond_a_threshold_that_it_misses() -> None:
    """94.999 6 % rounds to 95.00 %, which would be level 3: more digits are shown instead."""
    rows = [{"product_id": "P", "process_id": "1", "seq": 1, "submitted": 1_000_000, "passed_first": 949_996}]
    facts = facts_from_evidence(cases.whole(first_pass=rows))
    assert facts.grade.indicators["ftq"].level == 2
    text = said(declaration(facts))
    assert "94.9996\u00a0%" in text
    assert "\n95.00\u00a0%" not in text


def test_both_assessments_are_shown(store_facts: Facts) -> None:
    tables = [block for block in declaration(store_facts).parts[0].blocks if isinstance(block, Table)]
    shown = next(table for table in tables if any(column.head == "采信情况" for column in table.columns))
    sides = [one for item in store_facts.assessed for one in (item.self, item.third_party) if one]
    assert len(shown.rows) == len(sides)
    assert sum(row[-1].strong for row in shown.rows) == sum(
        item.counted is not None for item in store_facts.assessed
    )


def test_figures_are_drawn_from_the_store(store_facts: Facts) -> None:
    figures = [block for block in declaration(store_facts).parts[0].blocks if isinstance(block, Figure)]
    assert len(figures) == 4 + len(store_facts.studies)
    assert store_facts.studies
    assert [figure.caption.split()[1][:1] for figure in figures] == [
        str(n) for n in range(1, len(figures) + 1)
    ]
    worst = store_facts.studies[0].row["characteristic_id"]
    assert worst in figures[4].caption


def test_sections_come_in_order() -> None:
    headings = [
        block.text for block in declaration(facts_from_evidence(cases.whole())).parts[0].blocks
        if isinstance(block, Heading) and block.depth == 1
    ]  # fmt: skip
    assert [text[0] for text in headings] == [*"一二三四五六七八", "附", "附"]


@pytest.mark.parametrize("name", ["products", "processes"])
def test_names_stand_beside_ids(name: str, store_facts: Facts) -> None:
    assert getattr(store_facts.names, name)
    assert store_facts.names.process("P1", "10").startswith("10 ")


def test_every_reason_against_stability_has_words() -> None:
    from features.capability.stability import REASONS
    from serving.reports.sections import studies

    assert set(studies.REASONS) == set(REASONS)


def test_an_unstable_characteristic_says_why(records_home: Settings) -> None:
    with Store.open(records_home) as store:
        document = declaration(facts_from_store(store, "E0007"))
    tables = [block for block in document.parts[0].blocks if isinstance(block, Table)]
    table = next(table for table in tables if table.columns[0].head == "特性")
    assert any(row[3].text.startswith("否（") for row in table.rows)


def test_the_largest_amounts_lose_no_digit() -> None:
    """An evidence may write a hundred digits; none of them is rounded away on paper."""
    scrap = f"{'9' * 90}.25"
    losses = {
        "internal": {"tracked": True, "amounts": {"scrap": scrap, "rework": "0.50"}},
        "external": {"tracked": True, "amounts": {"claims": "0.25"}},
    }
    facts = facts_from_evidence(cases.whole(losses=losses, output_value=f"{'8' * 95}"))
    assert f"合计 {10**90:,} 元" in said(declaration(facts)).replace("\u00a0", " ")


def test_the_english_says_that_the_chinese_governs() -> None:
    document = declaration(facts_from_evidence(cases.whole()))
    assert "以中文为准" in said(document)
    assert "the Chinese text governs" in said(document, 1)


def test_characters_that_the_font_lacks_are_named_in_the_notes() -> None:
    rows = [{"product_id": "P😀", "units": 10**6, "nonconforming": 1}]
    document = declaration(facts_from_evidence(cases.whole(deliveries=rows)))
    assert document.warnings == ("U+1F600",)
    assert "以其编码代替：U+1F600" in said(document)


def reviewed(*, by_third_party: bool) -> Facts:
    """Return facts with a declared self-assessment, reviewed or not."""
    review = Review(
        "王五", "某质量评价中心", date(2025, 12, 20), {"qms": Finding(3, "证据不足"), "data": Finding(3)}
    )
    found = Assessment(
        "SA-0001",
        "E001",
        "2025-11",
        "miit-2023-249",
        "0" * 64,
        "张三",
        state=State.REVIEWED if by_third_party else State.DECLARED,
        answers={"qms": Answer(4, "…"), "data": Answer(3, "…")},
        declaration=Declaration("李四", "质量总监", date(2025, 12, 1)),
        review=review if by_third_party else None,
    )
    return replace(facts_from_evidence(cases.whole()), self_assessment=found)


def test_a_review_is_shown_beside_the_self_assessment() -> None:
    document = declaration(reviewed(by_third_party=True))
    chinese, english = said(document), said(document, 1)
    for text in (
        "SA-0001",
        "李四（质量总监），2025年12月1日",
        "王五（某质量评价中心），2025年12月20日",
        "证据不足",
    ):
        assert text in chinese
    assert "Third-party review" in english
    tables = [block for block in document.parts[0].blocks if isinstance(block, Table)]
    table = next(table for table in tables if table.columns[-1].head == "不一致的理由")
    assert [(row[1].level, row[2].level) for row in table.rows] == [(4, 3), (3, 3)]


def test_without_a_review_it_says_so() -> None:
    assert "尚未经第三方评价。" in said(declaration(reviewed(by_third_party=False)))
    assert "第三方评价" not in said(declaration(facts_from_evidence(cases.whole())))


def test_figures_are_numbered_without_a_gap() -> None:
    """Also where one is lacking: without first submissions there is no figure of them."""
    for part, word in zip(
        declaration(facts_from_evidence(cases.incomplete())).parts, ("图", "Figure"), strict=True
    ):
        captions = [block.caption for block in part.blocks if isinstance(block, Figure)]
        assert [caption.startswith(f"{word} {n}") for n, caption in enumerate(captions, 1)] == [True] * 3
