"""What the commands refuse, and what they tell somebody whose first model was refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from features.settings import Settings
from models.training import TrainingReport
from serving.commands.training import _advise
from serving.main import build_app

RUNNER = CliRunner()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "--refits", "many"], "--refits: found 'many'"),
        (["train", "--refits", "2.5"], "--refits: found '2.5'"),
        (["train", "--refits", "inf"], "--refits: found 'inf'"),
        (["train", "--seed", "-1"], "--seed: found '-1'"),
        (["retrain", "--months", "0"], "--months: found '0'"),
        (["retrain", "--months", "soon"], "--months: found 'soon'"),
        (["retrain", "--force-it", "perhaps"], "--force-it: found 'perhaps'"),
    ],
)
def test_bad_input_is_named(words, said, tmp_path) -> None:
    done = RUNNER.invoke(build_app(), [*words, "--home", str(tmp_path)], env={"COLUMNS": "400"})
    assert done.exit_code == 2
    assert said in done.output


@pytest.fixture
def refused(trained) -> TrainingReport:
    return replace(trained.report, promoted=False, reasons=("month enterprise ftq: worse",), champion=None)


def test_a_first_model_that_is_refused_says_what_to_do_next(refused, tmp_path, capsys) -> None:
    _advise(refused, Settings(home=tmp_path))
    said = capsys.readouterr().err
    assert "month enterprise ftq: worse" in said
    assert "no model is served yet" in said
    assert f"zhuoyue promote --version {refused.registry_version} --force --reason" in said


def test_a_later_one_says_which_model_is_served_on(refused, trained, capsys) -> None:
    _advise(refused, trained.settings)
    assert f"({trained.report.model_version}) is served on" in capsys.readouterr().err
