"""`zhuoyue warn`: look for what there is to warn of; list it, take note of it, send what waits."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from serving.output import FormatOption

group = typer.Typer(
    help="Warnings (智能预警): charts, forecasts, levels, drift, silence; without a subcommand, look now.",
    invoke_without_command=True,
)
COLUMNS = ("id", "kind", "enterprise_id", "period", "state", "title", "detail")


def register(app: typer.Typer) -> None:
    """Add `warn` and what belongs to it."""
    app.add_typer(group, name="warn")


@group.callback()
def warn(
    context: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--today", help="Judge silence and whole months by this day (YYYY-MM-DD).", show_default=False
        ),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Look at charts, forecasts, drift and silence now; raise what is new, resolve what is gone."""
    if context.invoked_subcommand is not None:
        return
    from datetime import date

    from features.settings import Settings
    from serving.output import emit
    from serving.progress import bar
    from serving.warnings import look

    with bar("looking"):
        outcome = look(Settings(), today=date.fromisoformat(as_of) if as_of else None)
    emit([outcome._asdict()], fmt)


@group.command("list")
def list_(
    everything: Annotated[
        bool, typer.Option("--all", help="Those of the last 30 days that are over, too.")
    ] = False,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    fmt: FormatOption = None,
) -> None:
    """List the warnings that are open, the newest first."""
    from serving.output import emit
    from serving.warnings.register import every, recently

    with _engine() as engine:
        found = every(engine, resolved_since=recently() if everything else None)
    emit([_told(one, language) for one in found], fmt, COLUMNS)


@group.command()
def acknowledge(
    number: Annotated[int, typer.Argument(metavar="ID", help="A warning, as `warn list` has it.")],
    by: Annotated[str, typer.Option(help="Your name; the journal keeps it.")],
    note: Annotated[str, typer.Option(help="What is being done about it.")] = "",
    fmt: FormatOption = None,
) -> None:
    """Say that somebody has seen a warning: it is not told again unless it gets worse."""
    from serving.output import emit
    from serving.warnings.register import acknowledge as take_note

    with _engine() as engine:
        emit([_told(take_note(engine, number, by, note), "zh")], fmt, COLUMNS)


@group.command()
def deliver(fmt: FormatOption = None) -> None:
    """Send now what waits in the outbox (`zhuoyue serve` and `zhuoyue work` do so all the time)."""
    from features.settings import Settings
    from serving.output import emit
    from serving.warnings.delivering import deliver as send
    from serving.warnings.outbox import counts

    with _engine() as engine:
        done = send(engine, Settings())
        emit([done | {"waiting": counts(engine).get("waiting", 0)}], fmt)


def _engine() -> Any:  # noqa: ANN401 - a context of an engine, imported where it is needed
    from contextlib import contextmanager

    from features.settings import Settings
    from features.store.database import open_database

    @contextmanager
    def opened() -> Any:  # noqa: ANN401
        engine = open_database(Settings())
        try:
            yield engine
        finally:
            engine.dispose()

    return opened()


def _told(one: Any, code: str) -> dict[str, Any]:  # noqa: ANN401 - a `Warned`
    from dataclasses import asdict

    from serving.warnings.finding import LEAST_CHANCE
    from serving.web.language import language
    from serving.web.warning.words import said

    words = said(language(code), one.kind, one.enterprise_id, one.facts, LEAST_CHANCE)
    return asdict(one) | {"state": one.state, "title": words.title, "detail": words.detail}
