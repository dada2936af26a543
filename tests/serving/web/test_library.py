"""The library over a changing home: what is kept is forgotten when records or outlook change."""

import shutil
from time import sleep

import httpx
import pytest

from features.settings import Settings
from features.store import Store
from serving.access import LOCAL_ADMINISTRATOR
from serving.web import library as module
from serving.web.app import create_app
from serving.web.library import Library
from serving.web.reading import UnknownEnterpriseError
from tests.serving import province


def import_enterprise(settings: Settings, folder, enterprise_id: str, name: str) -> None:
    """Take one more enterprise into the store."""
    folder.mkdir(exist_ok=True)
    (folder / "enterprises.csv").write_text(f"enterprise_id,name\n{enterprise_id},{name}\n", encoding="utf-8")
    with Store.open(settings) as store:
        store.import_paths([folder])


@pytest.fixture
def home(tmp_path_factory) -> Settings:
    return province.with_records(tmp_path_factory)


def test_new_records_are_seen_within_a_second_or_so(home, tmp_path):
    with (
        province.served(create_app(home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        before = client.get("/api/v1/enterprises")
        import_enterprise(home, tmp_path / "more", "<b>NEW</b>", "<script>alert('新厂')</script>")
        sleep(module.LOOK_AGAIN_SECONDS + 0.1)
        after = client.get("/api/v1/enterprises", headers={"if-none-match": before.headers["etag"]})
        page = client.get("/", params={"lang": "en", "q": "new"}).text
        own = client.get("/enterprises/%3Cb%3ENEW%3C%2Fb%3E?lang=en")
        row = client.get("/api/v1/enterprises/%3Cb%3ENEW%3C%2Fb%3E").json()
        grade = client.get("/api/v1/enterprises/%3Cb%3ENEW%3C%2Fb%3E/grade").json()
    assert after.status_code == 200
    assert after.json()["total"] == before.json()["total"] + 1
    assert "&lt;script&gt;alert(" in page
    for text in (page, own.text):
        assert "<script>alert" not in text
        assert "<b>NEW" not in text
    assert own.status_code == 200
    assert row["enterprise_id"] == grade["enterprise_id"] == "<b>NEW</b>"
    assert grade["status"] == "incomplete"


def test_a_new_outlook_is_seen_too(home, full_home):
    library = Library(home)
    before = library.state()
    assert library.outlook("forecasts") == []
    shutil.copytree(full_home.home / "outlook", home.home / "outlook")
    library._looked = float("-inf")
    after = library.state()
    assert before.fingerprint == after.fingerprint
    assert after.outlook_id
    assert library.outlook("forecasts", "E0001")


def test_the_same_question_is_answered_once(full_home):
    library = Library(full_home)
    assert library.grades() is library.grades()
    assert library.outlook("drivers", "E0001") is library.outlook("drivers", "E0001")


def test_history_ends_where_forecasts_begin(full_home):
    library = Library(full_home)
    for enterprise in library.enterprises():
        origin = {row["origin"] for row in library.outlook("forecasts", enterprise) if not row["product_id"]}
        assert {library.history(enterprise)[-1]["period"]} == origin


def test_nobody_is_nobody(full_home):
    with pytest.raises(UnknownEnterpriseError):
        Library(full_home).grade("E9999", None)


def test_a_home_that_does_not_exist_is_empty(tmp_path):
    library = Library(Settings(home=tmp_path / "nowhere"))
    assert library.state().fingerprint == ""
    assert library.enterprises() == {}
    assert library.grades() == {}
    assert library.history("E0001") == []
