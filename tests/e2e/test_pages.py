"""Every page as people see it: phone and desktop, Chinese and English, light and dark, keyboard only."""

import re
from itertools import pairwise
from pathlib import Path

import axe_playwright_python
import pytest

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

PAGES = {
    "overview": "/",
    "search": "/?q=E000&sort=level&order=desc",
    "enterprise": "/enterprises/E0001",
    "advised": "/enterprises/E0003",
    "drivers": "/enterprises/E0002?target=cpk",
    "reference": "/docs",
    "charts": "/charts/E0001",
    "what if": "/what-if/E0001",
    "plan": "/plans/E0001",
    "actions": "/actions",
    "improvement": "/improvement/E0001",
    "board": "/board",
    "briefing": "/board/briefing",
    "performance": "/board?basis=performance&industry=34",
    "scenarios": "/board/scenarios",
    "chains": "/chains",
    "chain": "/chains/新能源汽车",
    "warnings": "/warnings",
    "subscription": "/warnings/subscriptions",
    "models": "/models",
    "import": "/import",
    "jobs": "/jobs",
    "journal": "/journal",
    "administration": "/administration",
    "assessments": "/assessments",
    "assessment": "/assessments/SA-0001",
    "draft": "/assessments/SA-0002",
    "help": "/help",
    "tables": "/help/tables",
}
WAYS = {"at a desk": (1440, "zh", "light"), "on a phone at night": (390, "en", "dark")}
VARIANTS = {"search", "advised", "drivers", "performance", "draft", "tables", "subscription"}
"""Pages like another one of the list: on the phone they are left to the slow run."""
WIDTHS = (390, 1440)


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def violations(page) -> list[str]:
    """What axe calls serious or critical: the rule, and where it was broken first."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes'][:4]]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def undrawn(page) -> list[str]:
    return page.evaluate(
        """[...document.querySelectorAll('[data-figure]')]
           .filter(place => !place.querySelector('.main-svg .trace, .main-svg .bars'))
           .map(place => place.id)"""
    )


SEEN = [
    pytest.param(name, way, marks=[pytest.mark.slow] if name in VARIANTS and "phone" in way else [])
    for way in WAYS
    for name in PAGES
]


@pytest.mark.parametrize(("name", "way"), SEEN)
def test_a_page_is_sound(visit, name, way):
    width, lang, scheme = WAYS[way]
    seen = visit(width, lang, scheme)
    page = seen.open(PAGES[name])
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert seen.complaints == []
    assert seen.outside == []
    assert overflow(page) <= 0
    assert undrawn(page) == []
    assert name == "reference" or violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_an_empty_home_says_what_to_do(visit, base_url_of_nothing, width):
    seen = visit(width, "zh", base=base_url_of_nothing)
    page = seen.open("/")
    assert "zhuoyue import" in page.locator("main").inner_text()
    assert (seen.complaints, seen.outside) == ([], [])
    assert overflow(page) <= 0


def test_all_five_charts_are_drawn_with_their_thresholds(visit):
    page = visit().open("/enterprises/E0001")
    assert page.locator("[data-figure]").count() == 6
    for target in ("ftq", "cpk", "internal_loss", "external_loss", "ppm"):
        chart = page.locator(f"#fan-{target}")
        assert chart.locator(".scatterlayer .trace").count() == 4
        assert chart.locator(".shapelayer path").count() >= 2
        assert chart.locator(".annotation").count() >= 1
    assert page.locator("#attainment-chart .bars .point").count() >= 12


def test_charts_never_offer_a_cloud(visit):
    page = visit().open("/enterprises/E0001")
    page.locator("#fan-ftq").hover()
    assert page.locator(".modebar").count() == 0
    assert page.get_by_text(re.compile("plotly|chart studio", re.IGNORECASE)).count() == 0


def test_charts_follow_the_readers_dark_and_light(visit):
    seen = visit(scheme="light")
    page = seen.open("/enterprises/E0001")

    def line() -> str:
        return page.locator("#fan-ftq .scatterlayer .js-line").last.evaluate("line => line.style.stroke")

    by_day = line()
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert line() != by_day
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", background)[:3]) < 60
    assert seen.complaints == []


def test_charts_fit_after_the_window_was_turned(visit):
    page = visit(1440).open("/enterprises/E0001")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(600)
    assert overflow(page) <= 0
    wide = page.locator("#fan-ftq .main-svg").first.bounding_box()
    assert wide["width"] <= 390


def test_the_language_switch_works_and_is_remembered(visit):
    seen = visit(lang="zh")
    page = seen.open("/enterprises/E0001")
    assert "等级阶梯" in page.locator("main").inner_text()
    page.locator("a.language").click()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/enterprises/E0001?lang=en")
    assert "Grade ladder" in page.locator("main").inner_text()
    seen.open("/")
    assert page.locator("h1").inner_text() == "Overview"
    assert seen.complaints == []


def test_searching_while_typing(visit):
    seen = visit()
    page = seen.open("/")
    rows = page.locator(".list tbody tr")
    assert rows.count() == 8
    page.locator("#q").press_sequentially("E0005")
    rows.nth(1).wait_for(state="detached")
    assert rows.count() == 1
    assert "q=E0005" in page.url
    assert seen.complaints == []


def test_searching_works_without_scripts(chromium, base_url_of_site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base_url_of_site)
    page.locator("#q").fill("E0005")
    page.locator(".search button").click()
    assert page.locator(".list tbody tr").count() == 1
    context.close()


def test_sorting_by_a_click(visit):
    page = visit(lang="en").open("/")
    page.get_by_role("link", name="Level").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("[aria-sort=descending]").count() == 1
    assert "sort=level" in page.url


def test_everything_can_be_reached_by_keyboard(visit):
    page = visit(lang="en").open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id"))
    assert {"q", "/enterprises/E0001", "/enterprises/E0008"} <= reached
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_screen_reader_finds_headings_in_order(visit):
    page = visit(lang="en").open("/enterprises/E0001")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_from_the_grade_to_a_self_assessment_and_its_history(visit):
    seen = visit(390, lang="en", scheme="dark")
    page = seen.open("/enterprises/E0001")
    page.get_by_role("link", name="Self-assessments and third-party reviews").click()
    page.get_by_role("link", name="SA-0001").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".wordings .chosen").count() == 9
    assert page.locator(".wordings .found").count() == 1
    page.get_by_text(re.compile("Show .* changes")).click()
    assert page.locator(".changes tbody tr").first.is_visible()
    assert overflow(page) <= 0
    assert (seen.complaints, seen.outside) == ([], [])


def test_the_reference_lists_the_paths(visit):
    seen = visit(lang="en")
    page = seen.open("/docs")
    page.locator(".opblock").first.wait_for()
    assert "/api/v1/enterprises" in page.locator("#reference").inner_text()
    assert (seen.complaints, seen.outside) == ([], [])


def test_hostile_names_stay_text(visit):
    seen = visit()
    page = seen.open("/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert page.locator("#q").input_value() == "<img src=x onerror=alert(1)>"
    assert page.locator("img").count() == 0
    assert seen.complaints == []
