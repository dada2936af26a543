"""`zhuoyue capability`: what every characteristic is capable of, how sure that is, and if it is stable."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.grade_options import Language
from serving.output import FormatOption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from features.store import Store

    Span = tuple[date | None, date | None, tuple[str, ...] | None]

BAD_INPUT = 2


def register(app: typer.Typer) -> None:
    """Add the command `capability`."""
    app.command("capability")(capability)


def capability(
    enterprise: Annotated[str | None, typer.Option(help="This enterprise only.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Last month of the official window, YYYY-MM; default: as `grade`.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Instead of a window: first period or day.")] = None,
    until: Annotated[str | None, typer.Option(help="Instead of a window: last period or day.")] = None,
    language: Annotated[Language, typer.Option(help="Of tables.")] = Language.zh,
    fmt: FormatOption = None,
) -> None:
    """Capability of every characteristic: Cp, Cpk with interval, Pp, Ppk, Cpm, normality, stability."""
    from features.settings import Settings
    from features.store import Store
    from serving.output import Format, emit
    from serving.progress import bar

    if as_of is not None and (since or until) is not None:
        typer.echo("--as-of: found --since or --until beside it; allowed: one of the two ways", err=True)
        raise typer.Exit(BAD_INPUT)
    with bar("capability"), Store.open(Settings()) as store:
        rows = list(_rows(store, enterprise, as_of, since, until))
    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if chosen is Format.table:
        _show(rows, language)
    else:
        emit(rows, chosen)


def _show(rows: list[dict[str, Any]], language: Language) -> None:
    """Print the table, in Chinese first where both languages are asked for."""
    from serving.capability_table import capability_table

    for one in ("zh", "en") if language is Language.both else (language.value,):
        sys.stdout.write(f"{capability_table(rows, one)}\n")


def _rows(
    store: Store, enterprise: str | None, as_of: str | None, since: str | None, until: str | None
) -> Iterator[dict[str, Any]]:
    from features.capability import capability as assessed
    from serving.capability_rows import capability_row

    spans = list(_spans(store, enterprise, as_of, since, until))
    frames = [assessed(store, *span) for span in spans]
    for (start, end, _), frame in zip(spans, frames, strict=True):
        for row in frame.to_dict("records"):
            yield capability_row({str(name): value for name, value in row.items()}, start, end)


def _spans(
    store: Store, enterprise: str | None, as_of: str | None, since: str | None, until: str | None
) -> Iterator[Span]:
    """Yield the days to read with the enterprises: the days asked for, or every enterprise's own window."""
    from features.evidence.windows import windows
    from features.periods import first_day, frequency_of, last_day, period_end, to_index
    from qm_rules import Policy, load_pack

    rules = Policy.parse([]).resolved(load_pack().policies)
    own = windows(store, None if enterprise is None else [enterprise], as_of, rules)
    if since is not None or until is not None:
        start = None if since is None else first_day(to_index(since), frequency_of(since))
        yield start, None if until is None else period_end(until), tuple(own)
        return
    for window in sorted(set(own.values()), key=lambda window: window.end):
        ids = tuple(name for name, other in own.items() if other == window)
        yield first_day(window.start, "month"), last_day(window.end, "month"), ids
