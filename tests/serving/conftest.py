"""One province for all web tests of a run: made once, and every process reads a copy of its own."""

from collections.abc import Iterator

import httpx
import pytest

from features.settings import Settings
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from tests.serving import province


@pytest.fixture(scope="session")
def records_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with records and no model."""
    return province.with_records(tmp_path_factory)


@pytest.fixture(scope="session")
def full_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with records, a champion and a published outlook."""
    return province.with_model(tmp_path_factory)


@pytest.fixture(scope="session")
def site(full_home: Settings) -> Iterator[httpx.Client]:
    """A client of a server over the full home, over real HTTP."""
    with (
        province.served(create_app(full_home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def records_site(records_home: Settings) -> Iterator[httpx.Client]:
    """A client of a server over records without a model."""
    with (
        province.served(create_app(records_home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server over a home that does not exist yet."""
    settings = Settings(home=tmp_path_factory.mktemp("empty") / "not" / "yet")
    app = create_app(settings, open_to=LOCAL_ADMINISTRATOR)
    with province.served(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client
