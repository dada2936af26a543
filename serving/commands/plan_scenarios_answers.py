"""What the commands of scenarios read and print."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.settings import Settings
    from models.scenarios.keeping import Result
    from models.scenarios.wish import Scenario
    from serving.scenarios import KeptScenario
    from serving.web.scenarios.schemas import ScenarioComparison

FAILED, BAD_INPUT = 1, 2
LEVELS = ("scenario", "level", "month", "expected", "low", "high", "more", "more_low", "more_high")
TARGETS = ("scenario", "target", "expected", "low", "high", "probability")
YEARS = (12, 24, 36)
AS_IT_STANDS = "as it stands"


def checked(wish: dict[str, Any]) -> Scenario:
    """Read a wish; exits with 2 where something is not allowed."""
    from pydantic import ValidationError

    from models.scenarios.wish import Scenario

    try:
        return Scenario.model_validate(wish)
    except ValidationError as refused:
        fault = refused.errors()[0]
        named = ".".join(str(part) for part in fault["loc"])
        _refuse(f"{named}: {fault['msg']}, found {fault['input']!r}")
        raise typer.Exit(BAD_INPUT) from None


def item(text: str) -> dict[str, Any]:
    """Read `item=level@YYYY-MM`."""
    item, equals, rest = text.partition("=")
    level, at, since = rest.partition("@")
    if not (equals and at and level.isdigit()):
        raise typer.BadParameter(f"--item: found {text!r}; allowed: item=level@YYYY-MM")
    return {"item": item, "level": int(level), "since": since}


def found(engine: sa.Engine, asked: str) -> KeptScenario:
    """Return a scenario by id or by name; exits with 2 where there is none, or several of that name."""
    from serving.scenarios import every

    scenarios = every(engine)
    found = [own for own in scenarios if own.id == asked] or [
        own for own in scenarios if own.wish.name == asked
    ]
    if len(found) != 1:
        known = ", ".join(own.wish.name for own in scenarios) or "none is kept"
        _refuse(f"scenario: found {asked!r} {len(found)} times; allowed: an id, or one of {known}")
        raise typer.Exit(BAD_INPUT)
    return found[0]


def result(settings: Settings, own: KeptScenario, outlook: str) -> Result:
    """Return what was computed of a scenario; exits with 1 where it was not."""
    from models.scenarios.keeping import kept

    found = kept(settings, own.id, own.stamp, outlook)
    if found is None:
        _refuse(
            f"scenario {own.wish.name!r}: not computed on the current publication; first: compute {own.id}"
        )
        raise typer.Exit(FAILED)
    return found


def row(settings: Settings, own: KeptScenario, outlook: str) -> dict[str, Any]:
    """Return a scenario as it is listed."""
    from models.scenarios.keeping import place

    computed = place(settings, own.id, own.stamp, outlook).exists()
    told = {"id": own.id, "name": own.wish.name, "owner": own.owner, "version": own.version}
    return told | {"computed": computed, "scenario": own.wish.model_dump(mode="json", exclude_defaults=True)}


def printed(found: ScenarioComparison, fmt: str | None) -> None:
    """Print a comparison: tables for a person, else one object."""
    from serving.output import Format, emit, print_table

    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if chosen is not Format.table:
        emit(found.model_dump(), chosen)
        return
    typer.echo(f"{found.enterprises} enterprises, records up to {found.as_of}, basis {found.basis}")
    print_table(list(_levels(found)), LEVELS, "newly there by then (90 % of the paths)")
    targets = [
        {"scenario": column.name or AS_IT_STANDS, "target": own.id, **own.model_dump()}
        for column in found.columns
        for own in column.targets
    ]
    print_table(targets, TARGETS, "targets")
    for column in found.columns:
        if column.spending:
            told = column.spending
            typer.echo(f"{column.name}: {told.cost:,.0f} CNY a year expected, {told.offered} enterprises")


def _levels(found: ScenarioComparison) -> Iterator[dict[str, Any]]:
    for level in found.columns[0].levels:
        for ahead in YEARS:
            for column in found.columns:
                months = column.levels[level]
                if len(months) < ahead:
                    continue
                own = months[ahead - 1]
                more = {f"more{part}": value for part, value in zip(
                    ("", "_low", "_high"), own.more.model_dump().values(), strict=True)}  # fmt: skip
                name = {"scenario": column.name or AS_IT_STANDS, "level": level, "month": own.month}
                yield name | own.count.model_dump() | (more if column.id else {})


@contextmanager
def engine() -> Iterator[tuple[Settings, sa.Engine]]:
    """Yield the settings and the state database of the store."""
    from features.settings import Settings
    from features.store import Store

    settings = Settings()
    with Store.open(settings) as store:
        yield settings, store.engine


def outlook_id(settings: Settings) -> str:
    """Return the current publication; empty where there is none."""
    from models.outlook import NoOutlookError, Outlook

    try:
        return Outlook.load(settings).folder.name
    except NoOutlookError:
        return ""


def _refuse(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
