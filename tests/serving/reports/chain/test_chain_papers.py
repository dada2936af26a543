"""What a chain's papers say: the same in both languages, sourced, and recomputable."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from serving.reports.blocks import Figure, Heading, Table
from serving.reports.chain.document import chain_proposal
from serving.reports.chain.problem_words import problem_words
from serving.reports.chain.project_words import project_words
from serving.reports.chain.workbook import write_chain_workbook
from serving.reports.writing import printed
from tests.models.chains.published import CARRY, slope
from tests.serving.reports import paper
from tests.serving.reports.chain.cases import ROWS, telling, whole

UNSHOWN = {name: slope(name, one.slope, "not_shown") for name, one in CARRY.items()}
STAGES = {
    "whole": whole(),
    "numbers alone": whole(frozenset()),
    "some details": whole(frozenset({"A01"})),
    "nothing arrives": whole(carry=UNSHOWN),
}
CELL = re.compile(r"\$?([A-Z])\$?(\d+)")


def said(document) -> str:
    return "\n".join(paper.content(document)).replace("\N{NO-BREAK SPACE}", " ")


def proposal(stage: str, language: str = "en"):
    return chain_proposal(STAGES[stage], ROWS, language, "m1")


@pytest.mark.parametrize("stage", STAGES)
def test_both_languages_say_the_same_things(stage):
    zh, en = (proposal(stage, code) for code in ("zh", "en"))
    for one, other in zip(zh.parts[0].blocks, en.parts[0].blocks, strict=True):
        assert type(one) is type(other)
        if isinstance(one, Table):
            assert len(one.rows) == len(other.rows)
            assert len(one.columns) == len(other.columns)
            assert all(len(row) == len(one.columns) for row in one.rows)
    for document in (zh, en):
        assert not re.search(r"\bNone\b|\bnan\b|\binf\b|\{[a-z_]+\}", said(document))


def test_the_papers_hold_the_lists_that_provinces_ask_for():
    heads = " ".join(b.text for b in proposal("whole", "zh").parts[0].blocks if isinstance(b, Heading))
    for name in ("质量图谱", "质量问题清单", "重点攻关项目清单", "质量效益测算表"):
        assert name in heads
    assert any(isinstance(block, Figure) for block in proposal("whole").parts[0].blocks)


def test_every_problem_is_told_with_figure_and_source():
    for language in ("zh", "en"):
        it = telling(STAGES["whole"], language)
        told = {one.kind: problem_words(it, one) for one in it.study.problems}
        assert set(told) == {"indicator", "evidence", "items", "deliveries", "lots", "falling"}
        for words in told.values():
            assert words.what
            assert re.search("2025", words.source)
    it = telling(STAGES["whole"])
    assert told["falling"].figure == "chance 70 %".replace(" %", "\N{NO-BREAK SPACE}%")
    loss = next(one for one in it.study.problems if one.what == ("internal_loss",))
    assert problem_words(it, loss).figure.replace("\N{NO-BREAK SPACE}", " ") == "2.00 % (needed < 1.50 %)"


def test_a_project_says_who_what_and_how_long():
    it = telling(STAGES["whole"], "zh")
    first = next(one for one in it.study.projects if one.kind == "process")
    told = project_words(it, first)
    assert told.lead == "A01厂"
    assert told.others == "配合：B02厂"
    assert "回流峰值温度" in told.what
    assert "试验设计" in told.method
    assert told.months == "3 个月"
    assert "预防级" in told.effect
    supply = next(one for one in it.study.projects if one.kind == "supply")
    assert project_words(it, supply).cost == "待诊断"
    assert "400" in project_words(it, supply).what.replace(",", "")


def test_numbers_alone_hold_neither_money_nor_lever():
    text = said(proposal("numbers alone"))
    assert "CNY" not in text.replace("CNY thousand", "")
    assert "回流峰值温度" not in text
    assert "Money is summed up only for those" in text


def test_where_nothing_arrives_no_gain_downstream_is_told():
    text = said(proposal("nothing arrives"))
    assert "no gain downstream is counted" in text
    assert "of which downstream" not in text


@pytest.mark.parametrize("kind", [".docx", ".pdf", ".html"])
def test_the_same_study_gives_the_same_bytes(kind):
    first, again = (printed(proposal("whole", "zh"), kind) for _ in range(2))
    assert first == again
    assert len(first) > 5000


def test_nothing_stands_outside_the_pages():
    pdf = printed(proposal("whole", "zh"), ".pdf")
    text = "".join(paper.page_texts(pdf))
    assert "产业链质量提升建议书" in text
    for picture in paper.page_pictures(pdf):
        edge = paper.MARGIN_POINTS // 2
        assert picture[:, :edge].min() > 200
        assert picture[:, -edge:].min() > 200


def book_of(stage: str):
    stream = BytesIO()
    write_chain_workbook(telling(STAGES[stage]), stream)
    data = stream.getvalue()
    return data, *(openpyxl.load_workbook(BytesIO(data), data_only=only) for only in (False, True))


def computed(formula: str, values) -> float:
    """A formula of the sheet, evaluated in Python from the cells that it names."""

    def cell(found) -> str:
        return repr(float(values[f"{found[1]}{found[2]}"].value or 0.0))

    def summed(found) -> str:
        column, first, last = found.groups()
        return repr(sum(float(values[f"{column}{n}"].value or 0.0) for n in range(int(first), int(last) + 1)))

    text = re.sub(r"SUM\(([A-Z])(\d+):[A-Z](\d+)\)", summed, formula.removeprefix("="))
    return float(eval(CELL.sub(cell, text).replace("EXP(", "exp("), {"exp": math.exp}))


def test_formulas_give_what_is_stored_and_the_table_itself():
    data, formulas, values = book_of("whole")
    sheet = next(name for name in formulas.sheetnames if "质量效益测算表" in name)
    live = [c for row in formulas[sheet].iter_rows() for c in row if str(c.value).startswith("=")]
    assert len(live) > 10
    for cell in live:
        stored = values[sheet][cell.coordinate].value
        assert computed(cell.value, values[sheet]) == pytest.approx(stored, rel=1e-9, abs=1e-6), (
            cell.coordinate
        )
    balance = STAGES["whole"].balance
    column = [values[sheet][f"N{row}"].value for row in range(5, 5 + len(balance.lines) + 1)]
    assert column[-1] == pytest.approx(balance.net.estimate)
    assert book_of("whole")[0] == data


def test_the_workbook_holds_every_problem_and_no_money_of_others():
    _, _, values = book_of("numbers alone")
    study = STAGES["numbers alone"]
    sheets = {name.split()[0]: values[name] for name in values.sheetnames}
    assert sheets["质量问题清单"].max_row == 4 + len(study.problems)
    heads = [cell.value for cell in sheets["质量问题清单"][4]]
    cost = next(at for at, head in enumerate(heads) if "Cost a year" in head)
    assert {row[cost].value for row in sheets["质量问题清单"].iter_rows(min_row=5)} == {None}


def test_a_chain_without_links_has_papers_too():
    alone = replace(STAGES["whole"], chains=replace(STAGES["whole"].chains, links=[], levels={}))
    text = said(chain_proposal(alone, ROWS, "en", "m1"))
    assert "there is nothing to draw" in text


def test_weak_links_stand_in_order_of_what_they_save_and_unknown_losses_come_last():
    plants = dict(STAGES["whole"].chains.plants)
    plants["C03"] = {**plants["C03"], "internal": None}
    known = replace(STAGES["whole"], chains=replace(STAGES["whole"].chains, plants=plants))
    for study in (STAGES["whole"], known):
        saved = [one.saved.estimate if one.saved else 0.0 for _, one in telling(study).halved()]
        assert saved == sorted(saved, reverse=True)
        assert saved[0] > 0
    eased = [one.eased.estimate * one.customers for _, one in telling(STAGES["numbers alone"]).halved()]
    assert eased == sorted(eased, reverse=True)
