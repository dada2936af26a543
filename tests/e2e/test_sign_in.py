"""The first morning in a real browser: the printed password, one's own, and out again."""

import re

import pytest

from serving.access.first import first_administrator
from serving.web.app import create_app
from tests.e2e.conftest import Watched, watch
from tests.e2e.test_pages import overflow, violations
from tests.serving import province

pytestmark = pytest.mark.browser
OWN = "correct horse battery staple 42"


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """Address of a service that asks who comes, and the first administrator's password."""
    app = create_app(province.with_records(tmp_path_factory))
    password = first_administrator(app.state.database.engine)
    with province.served(app) as url:
        yield url, password


@pytest.fixture
def seen(chromium, door):
    context = chromium.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    watched = Watched(context.new_page(), door[0])
    watch(watched)
    yield watched
    context.close()


def sign_in(page, name, password):
    page.get_by_label("Name", exact=False).first.fill(name)
    page.locator("#password").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def test_from_the_first_password_to_ones_own_and_out_again(seen, door):
    page = seen.open("/enterprises/E0001")
    assert "/sign-in" in page.url
    assert violations(page) == []
    assert overflow(page) <= 0
    sign_in(page, "admin", door[1])
    assert page.url.endswith("/account/password")
    assert violations(page) == []
    page.locator("#old").fill(door[1])
    page.locator("#new").fill(OWN)
    page.locator("#again").fill(OWN)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    seen.open("/enterprises/E0001")
    assert page.locator(".ladder").count() == 1
    seen.open("/account")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("sign out", re.IGNORECASE)).first.click()
    page.wait_for_load_state("networkidle")
    assert "/sign-in" in seen.open("/").url
    assert seen.complaints == []


def test_a_wrong_password_is_told_in_words_and_to_a_screen_reader(seen):
    page = seen.open("/sign-in")
    sign_in(page, "admin", "not the password")
    assert page.locator("[role=alert]").inner_text().strip()
    assert page.locator("#password").get_attribute("aria-describedby") == "fault"
