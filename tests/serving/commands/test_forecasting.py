"""`forecast`, `attain` and `drivers` through the command: documented keys, sums, refusals in words."""

import json
import os
import subprocess
import sys

import pytest

from features.settings import Settings

FORECAST = ["enterprise_id", "product_id", "target", "origin", "period", "horizon", "mean", "quantiles"]
DRIVERS = [
    "enterprise_id", "product_id", "target", "period", "horizon", "rank", "feature", "value",
    "contribution", "contribution_model_scale", "baseline", "forecast",
]  # fmt: skip
ATTAIN = [
    "enterprise_id", "period", "horizon", "basis", "probabilities", "reached_by", "held_for_three", "scope",
    "held",
]  # fmt: skip


@pytest.fixture
def zhuoyue(full_home: Settings):
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"ZHUOYUE_HOME": str(full_home.home), "ZHUOYUE_QUIET": "1"}
        command = [sys.executable, "-m", "serving", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def monthly(zhuoyue) -> str:
    rows = json.loads(zhuoyue("attain", "--horizon", "1").stdout)
    return rows[0]["enterprise_id"]


@pytest.mark.parametrize(
    ("command", "keys"),
    [("forecast", [*FORECAST, "model_version"]), ("drivers", DRIVERS), ("attain", ATTAIN)],
)
def test_rows_have_the_documented_keys(zhuoyue, monthly, command, keys):
    lines = zhuoyue(
        command, "--enterprise", monthly, "--horizon", "2", "--format", "jsonl"
    ).stdout.splitlines()
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


@pytest.mark.parametrize("command", ["forecast", "attain", "drivers"])
def test_an_unknown_enterprise_is_bad_input(zhuoyue, command):
    run = zhuoyue(command, "--enterprise", "E9999")
    assert (run.returncode, run.stdout) == (2, "")
    assert "E9999" in run.stderr


def test_a_month_that_no_calendar_has_is_bad_input(zhuoyue, monthly):
    run = zhuoyue("forecast", "--enterprise", monthly, "--as-of", "2025-13")
    assert (run.returncode, run.stdout) == (2, "")
    assert "2025-13" in run.stderr


def test_a_target_that_is_not_forecast_is_told_those_that_are(zhuoyue):
    run = zhuoyue("drivers", "--target", "profit")
    assert run.returncode == 2
    assert "internal_loss" in run.stderr


def test_without_a_model_the_next_step_is_named(records_home):
    environment = os.environ | {"ZHUOYUE_HOME": str(records_home.home)}
    command = [sys.executable, "-m", "serving", "forecast"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "zhuoyue train" in run.stderr
