"""`zhuoyue simulate` writes tables that `zhuoyue import` takes."""

import json

import pytest
import typer
from typer.testing import CliRunner

from features.records.schema import TABLES
from features.settings import Settings
from features.store import Store
from serving.commands import simulate


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)
    simulate.register(app)
    return app


@pytest.mark.parametrize("files", ["csv", "parquet"])
def test_what_is_written_can_be_imported(app, tmp_path, files):
    size = ["--enterprises", "6", "--months", "24", "--seed", "3", "--format", files]
    answer = CliRunner().invoke(app, ["simulate", str(tmp_path / "province"), *size])
    assert answer.exit_code == 0, answer.output
    rows = {row["table"]: row["rows"] for row in json.loads(answer.stdout)}
    assert list(rows) == [name for name in TABLES if name != "plan_targets"]
    with Store.open(Settings(home=tmp_path / "home")) as store:
        report = store.import_paths([tmp_path / "province"])
    assert {table.table: table.new for table in report.tables} == rows


def test_unknown_sector_is_refused_with_the_known_ones(app, tmp_path):
    answer = CliRunner().invoke(app, ["simulate", str(tmp_path), "--sectors", "opera"])
    assert answer.exit_code != 0
    assert "allowed: machining" in str(answer.exception)
    assert list(tmp_path.iterdir()) == []
