"""The PDCA board as people see it, and the way there from the enterprise's page."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_board_is_sound(visit, lang, width):
    seen = visit(width, lang)
    page = seen.open("/enterprises/E0001")
    page.locator("a[href='/improvement/E0001']").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert (
        page.locator("h1").inner_text()
        == {"zh": "改进措施（PDCA）", "en": "Improvement actions (PDCA)"}[lang]
    )
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (seen.complaints, seen.outside, wide <= 0) == ([], [], True)


def test_actions_that_plants_recorded_are_judged_with_the_outlook(visit):
    """The simulated plants bring actions of their own: every finished one has a verdict or says why not."""
    page = visit(1440, "en").open("/")
    told = 0
    for number in range(1, 9):
        page.goto(page.url.split("/improvement")[0].rstrip("/") + f"/improvement/E{number:04d}")
        finished = page.locator("section:has(#column-done) li.action")
        assert finished.count() == page.locator("section:has(#column-done) li.action .tag").count()
        told += finished.count()
    assert told > 3
