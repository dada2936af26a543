"""A real Chromium over a real server over a real, small province."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from features.records.schema import ITEMS
from features.self_assessment import Answer, Finding, Link, Register, begin, declare, review
from features.settings import Settings
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from tests.serving import province

ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
INSTALL = "no Chromium here; install the distribution's: apt-get install chromium (`make test` does it)"


@dataclass
class Watched:
    """A page and everything that went wrong on it."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page and wait until nothing more is loaded."""
        self.page.goto(self.base + path, wait_until="networkidle")
        return self.page


@pytest.fixture(scope="session")
def base_url_of_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with records, model and outlook."""
    settings = province.with_model(tmp_path_factory)
    assess(settings)
    with province.served(create_app(settings, open_to=LOCAL_ADMINISTRATOR)) as url:
        yield url


def assess(settings: Settings) -> None:
    """Declare and review one self-assessment, leave another as a draft; today, so that no grade changes."""
    today = datetime.now(UTC).date()
    links = (Link("手册", "https://example.org/" + "manual/" * 40), Link("台账", "QM-2026-001"))
    with Register.open(settings) as register:
        for enterprise in ("E0001", "E0002"):
            name = begin(register, settings, enterprise, f"{today:%Y-%m}", "李工").id
            answers = {item: Answer(3, "有制度,有记录。\n" * 3, links) for item in ITEMS}
            register.answer(name, answers if enterprise == "E0001" else {"qms": answers["qms"]}, "李工")
        declare(register, settings, "SA-0001", "李工", "质量总监", today)
        differing = {"data": Finding(2, "未覆盖关键过程")}
        review(register, settings, "SA-0001", "张老师", "某认证机构", today, differing)


@pytest.fixture(scope="session")
def base_url_of_nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server without any record."""
    settings = Settings(home=tmp_path_factory.mktemp("nothing"))
    with province.served(create_app(settings, open_to=LOCAL_ADMINISTRATOR)) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The distribution's browser, never one that playwright would download."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail(INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, base_url_of_site: str) -> Iterator:
    """Return a function (width, language, scheme) → Watched; nothing may leave this machine."""
    contexts = []

    def new(
        width: int = 1440, lang: str = "zh", scheme: str = "light", base: str = base_url_of_site
    ) -> Watched:
        locale = {"zh": "zh-CN", "en": "en-GB"}[lang]
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale=locale, color_scheme=scheme
        )
        contexts.append(context)
        watched = Watched(context.new_page(), base)
        watch(watched)
        return watched

    yield new
    for context in contexts:
        context.close()


def watch(watched: Watched) -> None:
    """Note console errors, uncaught exceptions, failed answers and requests to other machines."""
    page = watched.page
    page.on("pageerror", lambda error: watched.complaints.append(f"exception: {error}"))
    page.on(
        "console",
        lambda message: (
            watched.complaints.append(f"{message.type}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: (
            watched.complaints.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            watched.outside.append(request.url)
            if not request.url.startswith((watched.base, "data:", "blob:"))
            else None
        ),
    )
