"""The printable page as Chromium prints it: every glyph, pages numbered, nothing of the site on paper."""

import re

import pytest

from features.store import Store
from serving.reports.declaration import declaration
from serving.reports.facts import facts_from_store
from tests.serving import province
from tests.serving.reports import paper

pytestmark = pytest.mark.browser
PAGE = "/declarations/E0001"


@pytest.fixture(scope="module")
def printed(chromium, base_url_of_site):
    """The page on A4 as a browser prints it."""
    page = chromium.new_context(locale="zh-CN").new_page()
    page.goto(base_url_of_site + PAGE, wait_until="networkidle")
    return page.pdf(prefer_css_page_size=True, print_background=True)


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """What the page says, from the same records."""
    settings = province.with_records(tmp_path_factory)
    with Store.open(settings) as store:
        return declaration(facts_from_store(store, "E0001", settings=settings))


def test_every_chinese_character_is_printed(printed, document):
    wanted = paper.han("".join(paper.content(document)))
    found = paper.han("".join(paper.page_texts(printed)))
    running = paper.han("".join(part.running for part in document.parts))
    assert not wanted - found - running
    assert not set("\ufffd□▯") & set("".join(paper.page_texts(printed)))
    assert paper.blank_characters(printed, pages=4) == []


def test_pages_are_numbered_in_their_language(printed):
    pages = [re.sub(r"\s+", " ", text) for text in paper.page_texts(printed)]
    assert f"第 1 页 共 {len(pages)} 页" in pages[0]
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


def test_nothing_of_the_site_is_on_paper(printed):
    texts = "".join(paper.page_texts(printed))
    assert "返回" not in texts
    assert ".docx" not in texts


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_is_sound_on_a_screen(visit, width):
    seen = visit(width)
    page = seen.open(PAGE)
    assert seen.complaints == []
    assert seen.outside == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
