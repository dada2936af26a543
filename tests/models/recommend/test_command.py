"""`zhuoyue recommend` on records in a store."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from serving.main import build_app


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_tables(World(seed=100, enterprises=10, months=30), folder / "records")
    with Store.open(Settings(home=folder / "var")) as store:
        store.import_paths([folder / "records"])
    return folder / "var"


def run(home: Path, *arguments: str) -> list[dict[str, Any]]:
    result = CliRunner(env={"ZHUOYUE_HOME": str(home)}).invoke(build_app(), ["recommend", *arguments])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_enterprise_answers_in_the_documented_keys(home: Path) -> None:
    rows = run(home, "--format", "jsonl", "--top", "1")
    assert len({row["enterprise_id"] for row in rows}) == len(rows) >= 9
    for row in rows:
        assert {"rank", "from", "to", "target", "effect", "benefit", "cost", "confidence", "reason"} <= set(
            row
        )
        assert (row["rank"] is None) == (row["confidence"] == "none")


def test_one_enterprise_and_an_unknown_one(home: Path) -> None:
    first = str(run(home, "--format", "jsonl")[0]["enterprise_id"])
    assert {row["enterprise_id"] for row in run(home, "--format", "jsonl", "--enterprise", first)} == {first}
    unknown = CliRunner(env={"ZHUOYUE_HOME": str(home)}).invoke(
        build_app(), ["recommend", "--enterprise", "X"]
    )
    assert "no records of enterprise 'X'" in str(unknown.exception)


def test_a_cut_off_is_kept(home: Path) -> None:
    rows = run(home, "--format", "jsonl", "--as-of", "2021-12")
    for row in rows:  # twelve months are too few; only a weekly plant has enough by then
        assert row["rank"] is None or 18 <= row["evidence"]["history_periods"] <= 53
    assert sum(row["rank"] is None for row in rows) >= 7
