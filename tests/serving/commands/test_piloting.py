"""`zhuoyue pilot` on records in a store, from the design to the page and the judgement."""

import json
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from models.pilots.kept import kept
from serving.access import LOCAL_ADMINISTRATOR
from serving.main import build_app
from serving.web.app import create_app
from tests.serving import province

PLANT = "E0002"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_tables(World(seed=5, enterprises=7, months=36, sectors=["machining"]), folder / "records")
    with Store.open(Settings(home=folder / "var")) as store:
        store.import_paths([folder / "records"])
    return folder / "var"


def run(home: Path, *arguments: str) -> Result:
    return CliRunner(env={"ZHUOYUE_HOME": str(home)}).invoke(build_app(), ["pilot", *arguments])


def test_a_pilot_is_designed_kept_once_shown_and_not_judged_too_early(home: Path) -> None:
    asked = ["--enterprise", PLANT, "--lever", "feed_rate", "--lines", "1", "--most-periods", "12", "--keep"]
    made = run(home, *asked, "--format", "json", "--seed", "4")
    assert made.exit_code == 0, made.output
    (design,) = json.loads(made.stdout)
    assert (design["parameter_id"], design["lines"], design["seed"]) == ("feed_rate", [PLANT], 4)
    assert len(design["schedule"]) == design["periods"] <= 12
    assert kept(Settings(home=home), PLANT).model_dump(mode="json") == design

    with province.served(create_app(Settings(home=home), open_to=LOCAL_ADMINISTRATOR)) as url:
        page = httpx.get(f"{url}/enterprises/{PLANT}", headers={"accept-language": "en"}, timeout=60).text
    assert 'id="pilot"' in page
    assert "(seed 4)" in page
    early = run(home, "--enterprise", PLANT, "--result")
    assert "the records hold 0 of them" in str(early.exception)


def test_what_cannot_be_asked_is_refused(home: Path) -> None:
    assert "need --enterprise" in run(home, "--keep").output
    assert "no records of enterprise 'X'" in str(run(home, "--enterprise", "X").exception)
    assert "no pilot of 'E0001' is on record" in run(home, "--enterprise", "E0001", "--result").output
