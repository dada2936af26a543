"""Levers as people move them: the answer follows, the address keeps it, and it works without a script."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_the_answer_follows_a_slider_and_the_address_keeps_it(visit):
    seen = visit(1440, "en")
    page = seen.open("/what-if/E0001")
    before = page.locator("#answer .verdict").inner_text()
    slider = page.locator(".lever input[type=range]").first
    with page.expect_response(lambda answer: "part=answer" in answer.url):
        slider.focus()
        slider.press("End")
    page.wait_for_function(
        "before => document.querySelector('#answer .verdict').innerText !== before", arg=before
    )
    after = page.locator("#answer .verdict").inner_text()
    assert re.search(r"(save|lose) about", after)
    assert page.locator("#whatif-said").inner_text().strip()[:20] == after.strip()[:20]
    assert "to." in page.url
    page.reload(wait_until="networkidle")
    assert page.locator("#answer .verdict").inner_text() == after
    assert (seen.complaints, seen.outside) == ([], [])


def test_what_is_advised_is_one_click_and_so_is_the_way_back(visit):
    seen = visit(390, "zh")
    page = seen.open("/what-if/E0001")
    start = page.locator("#answer .verdict").inner_text()
    with page.expect_response(lambda answer: "part=answer" in answer.url):
        page.locator("[data-advised]").click()
    page.wait_for_function(
        "start => document.querySelector('#answer .verdict').innerText !== start", arg=start
    )
    assert page.locator("#answer .caution").count() == 0
    with page.expect_response(lambda answer: "part=answer" in answer.url):
        page.locator("[data-reset]").click()
    page.wait_for_function(
        "start => document.querySelector('#answer .verdict').innerText === start", arg=start
    )
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert seen.complaints == []
