"""`forecast`, `attain` and `drivers` through the command: documented keys, sums, refusals in words."""

import json
import shutil
from functools import partial

import pytest

from features.settings import Settings
from features.store import Store
from tests import command

FORECAST = ["enterprise_id", "product_id", "target", "origin", "period", "horizon", "mean", "quantiles"]
DRIVERS = [
    "enterprise_id", "product_id", "target", "period", "horizon", "rank", "feature", "value",
    "contribution", "contribution_model_scale", "baseline", "forecast",
]  # fmt: skip
ATTAIN = [
    "enterprise_id", "period", "horizon", "basis", "probabilities", "reached_by", "held_for_three", "scope",
    "held",
]  # fmt: skip
SHARES = [0.4, 0.3, 0.2, 0.1, 0.0]


@pytest.fixture(scope="module")
def zhuoyue(full_home: Settings):
    return partial(command.zhuoyue, ZHUOYUE_HOME=full_home.home, ZHUOYUE_QUIET="1")


@pytest.fixture(scope="module")
def monthly(zhuoyue) -> str:
    rows = json.loads(zhuoyue("attain", "--horizon", "1").stdout)
    return rows[0]["enterprise_id"]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [("forecast", [*FORECAST, "model_version"]), ("drivers", DRIVERS), ("attain", ATTAIN)],
)
def test_rows_have_the_documented_keys(zhuoyue, monthly, asked, keys):
    told = zhuoyue(asked, "--enterprise", monthly, "--horizon", "2", "--format", "jsonl")
    lines = told.stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["horizon"] for row in rows} == {1, 2}
    assert all(sorted(row) == sorted(keys) for row in rows)


def test_chances_of_all_levels_add_up_to_one(zhuoyue, monthly):
    rows = json.loads(zhuoyue("attain", "--enterprise", monthly).stdout)
    assert {row["basis"] for row in rows} == {"window", "period"}
    for row in rows:
        assert sum(row["probabilities"].values()) == pytest.approx(1.0)
        reached = list(row["reached_by"].values())
        assert reached == sorted(reached, reverse=True)


@pytest.mark.parametrize("asked", ["forecast", "attain", "drivers"])
def test_an_unknown_enterprise_is_bad_input(zhuoyue, asked):
    run = zhuoyue(asked, "--enterprise", "E9999")
    assert (run.returncode, run.stdout) == (2, "")
    assert "E9999" in run.stderr


@pytest.fixture
def home_with_a_newcomer(full_home: Settings, tmp_path) -> Settings:
    """One more enterprise that is registered and of which there is no record; sectors' levels are known."""
    home = Settings(home=shutil.copytree(full_home.home, tmp_path / "home"), threads=1)
    (tmp_path / "enterprises.csv").write_text("enterprise_id,name,industry_code\nNEW,新厂,3411\n", "utf-8")
    with Store.open(home) as store:
        store.import_paths([tmp_path / "enterprises.csv"])
    (file,) = home.home.glob("champion/*/model.json")
    known = json.loads(file.read_text("utf-8"))
    known["levels"], known["facts"]["periods"] = {"sectors": {"": SHARES}}, {"month": ["2021-01", "2024-12"]}
    file.write_text(json.dumps(known), "utf-8")
    return home


def test_a_registered_enterprise_without_records_is_answered_alone_as_in_the_list(home_with_a_newcomer):
    zhuoyue = partial(command.zhuoyue, ZHUOYUE_HOME=home_with_a_newcomer.home, ZHUOYUE_QUIET="1")
    alone = zhuoyue("attain", "--enterprise", "NEW")
    assert (alone.returncode, alone.stderr) == (0, "")
    rows = json.loads(alone.stdout)
    assert rows == [row for row in json.loads(zhuoyue("attain").stdout) if row["enterprise_id"] == "NEW"]
    assert {row["period"] for row in rows} == {f"2025-{month:02d}" for month in range(1, 13)}
    assert list(rows[0]["probabilities"].values()) == pytest.approx(SHARES)


def test_a_month_that_no_calendar_has_is_bad_input(zhuoyue, monthly):
    run = zhuoyue("forecast", "--enterprise", monthly, "--as-of", "2025-13")
    assert (run.returncode, run.stdout) == (2, "")
    assert "2025-13" in run.stderr


def test_a_target_that_is_not_forecast_is_told_those_that_are(zhuoyue):
    run = zhuoyue("drivers", "--target", "profit")
    assert run.returncode == 2
    assert "internal_loss" in run.stderr


def test_without_a_model_the_next_step_is_named(records_home):
    run = command.zhuoyue("forecast", ZHUOYUE_HOME=records_home.home)
    assert run.returncode == 1
    assert "zhuoyue train" in run.stderr
