"""`zhuoyue causes`: which variables a quality loss came from, for whoever stands before it at night."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.grade_options import Language
from serving.output import FormatOption

if TYPE_CHECKING:
    from models.causes import Cause, Causes
    from models.causes.readings import Readings

COLUMNS = ("rank", "parameter_id", "name", "kind", "evidence", "onset", "direction", "shift", "reason")
BAD_INPUT = 2


def register(app: typer.Typer) -> None:
    """Add the command `causes`."""
    app.command("causes")(causes)


def causes(
    enterprise: Annotated[str, typer.Option(help="The enterprise.")],
    since: Annotated[str, typer.Option("--from", help="When the loss began: a day, or YYYY-MM-DDThh:mm.")],
    until: Annotated[str | None, typer.Option("--to", help="Look no further than this moment.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Good running A..B; without it all that was read before --from.")
    ] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="A parameter that only shows quality; repeatable.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many variables.")] = 10,
    language: Annotated[Language, typer.Option(help="Of the table.")] = Language.zh,
    fmt: FormatOption = None,
) -> None:
    """Variables ranked by the evidence that a disturbance entered through them: they broke with their own
    past, and the others' past does not explain it. Parameters of kind `outcome` stand apart, never as causes.
    """
    from features.settings import Settings
    from features.store import Store
    from models.causes import rank_causes
    from models.causes.readings import read_episode

    start, stop = _moment(since, "--from"), None if until is None else _moment(until, "--to")
    with Store.open(Settings()) as store:
        read = read_episode(store, enterprise, start, stop, _stretch(reference))
    outcomes = frozenset(outcome or ()) | {p for p, kind in read.kinds.items() if kind == "outcome"}
    found = rank_causes(
        read.good.to_numpy(float),
        read.episode.to_numpy(float),
        [str(p) for p in read.good.columns],
        outcomes,
        read.before.to_numpy(float),
    )
    _answer(found, read, top, language, fmt)


def _moment(text: str, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        typer.echo(f"{option}: found {text!r}; allowed: YYYY-MM-DD or YYYY-MM-DDThh:mm", err=True)
        raise typer.Exit(BAD_INPUT)
    return moment


def _stretch(text: str | None) -> tuple[datetime, datetime] | None:
    if text is None:
        return None
    first, dots, last = text.partition("..")
    if not dots:
        typer.echo(f"--reference: found {text!r}; allowed: A..B, two moments", err=True)
        raise typer.Exit(BAD_INPUT)
    return _moment(first, "--reference"), _moment(last, "--reference")


def _answer(found: Causes, read: Readings, top: int, language: Language, fmt: str | None) -> None:
    import sys

    from serving.output import emit

    rows = [_row(row, read) for row in (*found.outcomes, *found.rows[:top])]
    if fmt != "table" and not (fmt is None and sys.stdout.isatty()):
        emit([row | {"seen": found.seen, "departure": found.departure} for row in rows], fmt)
        return
    codes = ("zh", "en") if language is Language.both else (language.value,)
    for code in codes:
        emit([_worded(row, code) for row in rows], "table", title=_title(found, code))
        typer.echo(_note(read, code), err=True)


def _row(cause: Cause, read: Readings) -> dict[str, Any]:
    """A cause as a row; `rank` is null for an outcome, `onset` a moment."""
    return {
        "rank": cause.rank or None,
        "parameter_id": cause.variable,
        "name": read.names.get(cause.variable) or None,
        "kind": read.kinds.get(cause.variable) or None,
        "evidence": round(cause.evidence, 3),
        "own": round(cause.own, 3),
        "unexplained": round(cause.unexplained, 3),
        "onset": None if cause.onset is None else read.episode.index[cause.onset].isoformat(),
        "direction": cause.direction,
        "shift": round(cause.shift, 3),
        "reason": cause.reason,
    }


def _worded(row: dict[str, Any], code: str) -> dict[str, Any]:
    from serving.web.language import language

    say = language(code)
    shown = {name: row[name] for name in COLUMNS}
    shown["evidence"], shown["shift"] = f"{row['evidence']:.1f}", f"{row['shift']:+.1f}"
    shown["onset"] = (row["onset"] or "")[:16].replace("T", " ")
    shown["direction"] = say(f"causes.direction.{row['direction']}")
    shown["reason"] = say("causes.outcome" if row["rank"] is None else f"causes.reason.{row['reason']}")
    return {say(f"causes.column.{name}"): value for name, value in shown.items() if name != "kind"}


def _title(found: Causes, code: str) -> str:
    from serving.web.language import language

    return language(code)(
        "causes.seen" if found.seen else "causes.unseen", departure=f"{found.departure:.1f}"
    )


def _note(read: Readings, code: str) -> str:
    from serving.web.language import language

    say = language(code)
    lines = [say("causes.rows", good=len(read.good), episode=len(read.episode))]
    if read.left_out:
        lines.append(say("causes.left_out", names=say.listing(list(read.left_out))))
    return "\n".join([*lines, say("causes.caution")])
