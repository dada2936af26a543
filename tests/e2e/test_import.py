"""Bringing records with a real browser: dropped, marked in their cells, decided on; and without a script."""

from collections.abc import Iterator

import pytest

from features.settings import Settings
from features.store import Store
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from tests.e2e.conftest import Watched, watch
from tests.e2e.test_pages import violations
from tests.features.store.conftest import ROWS, write_tables
from tests.serving import province

pytestmark = pytest.mark.browser
HEADER = "enterprise_id,period,amount\n"
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  document.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server over the small plant, which this file's tests may write to."""
    settings = Settings(home=tmp_path_factory.mktemp("import") / "home", threads=1)
    with Store.open(settings) as store:
        store.import_paths([write_tables(settings.home.parent / "in", ROWS)])
    with province.served(create_app(settings, open_to=LOCAL_ADMINISTRATOR)) as url:
        yield url


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_dropped_files_are_looked_at_and_faults_stand_in_their_cells(chromium, base, width, scheme):
    size = {"width": width, "height": 900}
    context = chromium.new_context(viewport=size, locale="zh-CN", color_scheme=scheme)
    watched = Watched(context.new_page(), base)
    watch(watched)
    page = watched.open("/import")
    assert violations(page) == []
    page.evaluate(DROP, ["output_values.csv", HEADER + "A,2026-13,5\nA,2026-04,6\n"])
    assert "output_values.csv" in page.inner_text(".drop-list")
    assert page.evaluate("document.activeElement.type") == "submit"
    page.keyboard.press("Enter")
    page.wait_for_url("**/import/*", timeout=60_000)
    assert "2026-13" in page.inner_text(".cell-bad")
    assert "允许：月份" in page.inner_text(".cell-bad")
    assert page.locator(".cell-bad").count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not watched.complaints
    assert not watched.outside
    context.close()


def test_without_a_script_it_is_a_form(chromium, base):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{base}/import")
    content = {
        "name": "output_values.csv",
        "mimeType": "text/csv",
        "buffer": (HEADER + "A,2026-03,7\n").encode(),
    }
    page.set_input_files("input[type=file]", [content])
    page.click("form[data-drop] button")
    assert "1 rows are stored with other values" in page.inner_text("h1")
    assert page.inner_text(".cell-conflict del").endswith("100000.00")
    assert page.inner_text(".cell-conflict ins").endswith("7.00")
    page.click(".decide .button")  # the browser itself asks for a decision first
    assert "stored with other values" in page.inner_text("h1")
    page.check("input[value=replace]")
    page.click(".decide .button")
    assert page.inner_text("h1") == "Imported"
    context.close()
