"""The finished pages: margins, page numbers, heads that repeat, headings that are not left behind."""

from __future__ import annotations

import re

from serving.reports.blocks import Document, Heading, Table
from tests.serving.reports import paper


def test_nothing_runs_into_the_margins(case: tuple[str, Document, bytes]) -> None:
    _, document, pdf = case
    if not document.parts[0].draft:  # a draft has its mark across the page
        assert all(paper.empty_margin(picture) for picture in paper.page_pictures(pdf))


def test_every_page_says_which_of_how_many(case: tuple[str, Document, bytes]) -> None:
    _, document, pdf = case
    pages = [re.sub(r"\s+", " ", text) for text in paper.page_texts(pdf)]
    for number, text in enumerate(pages, 1):
        either = (f"第 {number} 页 共 {len(pages)} 页", f"Page {number} of {len(pages)}")
        assert any(said in text for said in either), number
        assert document.mark in text


def test_no_heading_ends_a_page(case: tuple[str, Document, bytes]) -> None:
    """The last line above the foot is never a heading."""
    _, document, pdf = case
    headings = {
        _bare(block.text) for part in document.parts for block in part.blocks if isinstance(block, Heading)
    }
    for text in paper.page_texts(pdf):
        lines = [_bare(line) for line in text.splitlines() if line.strip()]
        body = [line for line in lines if not re.search(r"第\d+页共|Page\d+of", line) and "miit-" not in line]
        assert body, text
        assert body[-1] not in headings


def test_a_long_table_repeats_its_head(case: tuple[str, Document, bytes]) -> None:
    """Sixty characteristics reach over two pages; each of them has the head of the table."""
    name, _, pdf = case
    if name == "hostile":
        pages = [_bare(text) for text in paper.page_texts(pdf)]
        assert sum("特性Cpkn过程稳定" in text for text in pages) == 2
        assert sum("CharacteristicCpknStable" in text for text in pages) == 2


def test_chinese_stands_first_and_is_complete(case: tuple[str, Document, bytes]) -> None:
    _, document, pdf = case
    first, second = document.parts
    assert (first.language, second.language) == ("zh", "en")
    assert [type(block) for block in first.blocks] == [type(block) for block in second.blocks]
    texts = paper.page_texts(pdf)
    assert _bare(first.title) in _bare(texts[0])
    english = next(index for index, text in enumerate(texts) if _bare(second.title) in _bare(text))
    assert all("第" in text for text in texts[:english])


def test_both_parts_show_the_same_numbers(case: tuple[str, Document, bytes]) -> None:
    """What is a number or an id in one language is the same in the other."""
    _, document, _ = case
    tables = [[block for block in part.blocks if isinstance(block, Table)] for part in document.parts]
    for chinese, english in zip(*tables, strict=True):
        assert len(chinese.rows) == len(english.rows)
        assert [[cell.level for cell in row] for row in chinese.rows] == [
            [cell.level for cell in row] for row in english.rows
        ]


def _bare(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)
