"""The command line: quick, complete, and plain-spoken when something is wrong."""

import os
import subprocess
import sys

import pytest
from typer.main import get_command

from serving import main

HEAVY = {"pandas", "duckdb", "pydantic", "sklearn", "mlflow", "shap", "lightgbm", "numpy", "fastapi"}
COMMANDS = {"template", "import", "grade", "simulate", "features", "train", "backtest", "forecast", "attain"}
COMMANDS |= {"drivers", "recommend", "serve", "demo"}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONUTF8": "1"} | environment,
        check=False,
    )


def test_help_lists_every_command():
    answer = python("-m", "serving", "--help")
    assert answer.returncode == 0
    for command in COMMANDS:
        assert f" {command} " in answer.stdout, command


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from serving.main import build_app; from typer.main import get_command\n"
        "get_command(build_app()).main(['--help'], standalone_mode=False)\n"
        "print('LOADED', *sys.modules)"
    )
    answer = python("-c", code)
    loaded = set(answer.stdout.rpartition("LOADED")[2].split())
    assert "typer" in loaded
    assert not HEAVY & loaded


def test_every_command_module_registers():
    assert set(get_command(main.build_app()).commands) >= COMMANDS


class OursBadError(ValueError):
    pass


class OursFailedError(Exception):
    pass


OursBadError.__module__ = OursFailedError.__module__ = "features.records.errors"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            OursBadError("row 3: found 'x'; allowed: a number"),
            2,
            "zhuoyue: row 3: found 'x'; allowed: a number",
        ),
        (OursFailedError("the store is locked"), 1, "zhuoyue: the store is locked"),
        (FileNotFoundError(2, "No such file or directory", "a.csv"), 2, "No such file or directory: 'a.csv'"),
        (ValueError("odd"), 1, "ZHUOYUE_DEBUG=1"),
    ],
)
def test_errors_become_messages(error, code, message):
    assert main.exit_code_for(error) == code
    assert message in main.message_for(error)


def test_an_error_may_name_its_exit_code():
    error = OursFailedError("bad evidence")
    error.exit_code = 2
    assert main.exit_code_for(error) == 2


def test_a_message_and_no_traceback_unless_asked(monkeypatch, capsys):
    def broken() -> None:
        raise OursBadError("table inspections, row 7, column passed: found -1; allowed: 0 or more")

    monkeypatch.setattr(main, "build_app", lambda: broken)
    with pytest.raises(SystemExit) as end:
        main.main()
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "row 7" in said
    assert "Traceback" not in said
    monkeypatch.setenv("ZHUOYUE_DEBUG", "1")
    with pytest.raises(SystemExit):
        main.main()
    assert "Traceback" in capsys.readouterr().err


def test_an_unknown_option_exits_with_2():
    answer = python("-m", "serving", "serve", "--nonsense")
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
