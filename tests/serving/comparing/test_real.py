"""The small real province: practices are published with it, and an enterprise's page leads to them."""

import httpx
import pandas as pd
import pytest

from models.outlook import Outlook
from models.practices.kept import FILE, VERDICTS
from models.practices.own_rates import FILE as RATES
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from serving.web.language import language
from tests.serving import province
from tests.serving.province import served


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return province.with_model(tmp_path_factory)


def test_practices_and_rates_are_published(home):
    folder = Outlook.load(home).folder
    rows = pd.read_parquet(folder / FILE)
    assert {"level", "lot_size", "gauge_known", "loss_inside"} <= set(rows["kind"])
    assert not pd.read_parquet(folder / RATES).empty
    assert (folder / VERDICTS).exists()


def test_an_enterprises_page_leads_to_its_comparison(home):
    """Eight enterprises are too few for leaders, and the page says so."""
    with (
        served(create_app(home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        assert '/comparisons/E0001"' in client.get("/enterprises/E0001").text
        page = client.get("/comparisons/E0001", params={"lang": "en"})
        assert page.status_code == 200
        assert language("en")("practice.too_few") in page.text
        assert client.get("/board/comparison").status_code == 200
