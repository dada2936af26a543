"""The console script `zhuoyue`: puts the commands together and turns errors into messages.

Nothing heavy is imported here, so that `zhuoyue --help` answers at once: command modules import pandas,
DuckDB, pydantic and the like inside the functions that need them.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module

import typer

COMMANDS = (
    "grade",
    "evidence",
    "gaps",
    "capability",
    "charts",
    "report",
    "assess",
    "records",
    "simulate",
    "features",
    "training",
    "publishing",
    "backtesting",
    "forecasting",
    "drift",
    "recommending",
    "planning",
    "piloting",
    "acting",
    "judging",
    "causing",
    "warn",
    "journal",
    "operating",
    "users",
    "keys",
    "serve",
    "work",
    "demo",
)
"""Modules of `serving.commands`, in the order in which `--help` lists them."""

OUR_PACKAGES = ("qm_rules", "features", "models", "serving")
BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


def build_app() -> typer.Typer:
    """Return the app with every command module registered."""
    app = typer.Typer(
        name="zhuoyue",
        help="卓越: official quality grade, forecasts, drivers and recommendations for manufacturers.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_keep_commands_as_subcommands)
    for name in COMMANDS:
        import_module(f"serving.commands.{name}").register(app)
    return app


def _keep_commands_as_subcommands() -> None:
    """Without a callback typer would run a single command without its name."""


def main() -> None:
    """Run the command line; exit 0 done, 1 failed, 2 bad input, 130 interrupted."""
    try:
        build_app()()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        if os.environ.get("ZHUOYUE_DEBUG"):
            traceback.print_exc()
        else:
            print(message_for(error), file=sys.stderr)  # noqa: T201 - the one place that speaks to people
        sys.exit(exit_code_for(error))


def message_for(error: BaseException) -> str:
    """Return what a person is told: our own errors speak for themselves, others are named."""
    if _is_ours(error) or isinstance(error, OSError):
        return f"zhuoyue: {error}"
    hint = "this is a fault in Zhuoyue; ZHUOYUE_DEBUG=1 shows where"
    return f"zhuoyue: {type(error).__name__}: {error} ({hint})"


def exit_code_for(error: BaseException) -> int:
    """Return 2 for bad input, else 1.

    An error class of ours may say `exit_code`; otherwise our `ValueError`s and `LookupError`s, a path that is
    not there or may not be read, are bad input.
    """
    named = getattr(error, "exit_code", None)
    if isinstance(named, int):
        return named
    paths = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError, FileExistsError)
    ours = _is_ours(error) and isinstance(error, ValueError | LookupError)
    return BAD_INPUT if ours or isinstance(error, paths) else FAILED


def _is_ours(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in OUR_PACKAGES
