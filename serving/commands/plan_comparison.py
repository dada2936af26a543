"""`zhuoyue plan`: benchmarks, what leaders do otherwise, and published context figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from features.context.figures import Indicator
from serving.output import Format, FormatOption

if TYPE_CHECKING:
    from models.portfolio import Portfolio
    from models.portfolio.benchmarks import Groups

FAILED, BAD_INPUT = 1, 2
GROUPS = ("indicator", "division", "size", "region", "members", "q10", "q25", "q50", "q75", "q90", "alike")
STANDINGS = ("indicator", "value", "division", "size", "region", "members", "better_than")
PRACTICES = ("practice", "own", "leaders", "others", "difference", "apart", "effect")
SHOWN = ("indicator", "year", "area", "industry", "size", "value", "source")
"""Columns of the table; the other formats hold all of `FIGURES`."""
FIGURES = ("indicator", "year", "area", "industry", "size", "value", "unit", "derived", "source", "url")
Name = Literal["sigma", "cpk", "ftq", "internal_loss", "external_loss"]
Row = dict[str, Any]


def register(plan: typer.Typer) -> None:
    """Add the commands to the sub-application `plan`."""
    plan.command("compare")(compare)
    plan.command("context")(context)


def compare(
    enterprise: Annotated[
        str, typer.Option(help="Its place, and what its group's leaders do otherwise.")
    ] = "",
    indicator: Annotated[Name, typer.Option(help="Of which to list how groups lie.")] = "ftq",
    division: Annotated[str, typer.Option(help="Only this division (two digits of GB/T 4754).")] = "",
    size: Annotated[str, typer.Option(help="Only this size: micro, small, medium or large.")] = "",
    region: Annotated[str, typer.Option(help="Only this region (GB/T 2260, two or four digits).")] = "",
    fmt: FormatOption = None,
) -> None:
    """How an indicator lies among like enterprises; of one enterprise, its place and the leaders' practices.

    Groups of fewer than five are never shown. What leaders do otherwise is an association, not a cause; the
    effect model's verdict stands beside every lever.
    """
    portfolio = _portfolio()
    if enterprise:
        _one(portfolio, enterprise, fmt)
        return
    from models.portfolio.benchmarks import benchmarks
    from serving.output import emit

    found = benchmarks(_groups(portfolio, indicator), [division] if division else [], size, region)
    rows = [asdict(one) for one in found]
    for row in rows:
        row |= dict(zip(GROUPS[5:-1], row.pop("quantiles"), strict=True))
    emit(rows, fmt, GROUPS)


def context(
    indicator: Annotated[Indicator | None, typer.Option(help="Only this one.")] = None,
    region: Annotated[
        str, typer.Option(help="With a province's or city's own figures (two or four digits).")
    ] = "",
    fmt: FormatOption = None,
) -> None:
    """Published indicators of manufacturing quality, each with year and source, and one's own by the records.

    Own figures (`own.…`, per cent) follow the published ones, where anything has been published of the store.
    """
    from features.context import figures
    from serving.output import emit

    if region and (len(region) not in {2, 4} or not region.isdigit()):
        raise typer.BadParameter(f"--region: found {region!r}; allowed: two or four digits of GB/T 2260")
    areas = {"nation", "east", "centre", "west", region[:2]} if region else None
    rows = [
        asdict(one)
        for one in figures()
        if indicator in {None, one.indicator} and (areas is None or one.area in areas)
    ]
    emit([*rows, *([] if indicator else _own(region))], fmt, SHOWN)


def _own(region: str) -> list[Row]:
    """The store's own figures as rows of the same columns; none where nothing is published."""
    import numpy as np

    from models.outlook import NoOutlookError
    from models.portfolio import NoPortfolioError
    from models.practices import own_rates

    try:
        portfolio = _load()
    except (NoOutlookError, NoPortfolioError):
        return []
    everybody = np.ones(len(portfolio), dtype=np.bool_)
    found = own_rates(portfolio.folder, portfolio, everybody, region)
    return [
        dict.fromkeys(FIGURES, "")
        | {"indicator": f"own.{one.figure}", "year": one.year, "area": one.region or "everybody"}
        | {"value": round(100 * one.value, 4), "unit": "percent"}
        | {"source": f"records of {one.enterprises} enterprises, {one.months} months"}
        for one in found
    ]


def _one(portfolio: Portfolio, enterprise: str, fmt: Format | None) -> None:
    from models.portfolio.benchmarks import standing
    from models.practices import NoPracticesError, Practices
    from serving.web.comparing.answers import comparison
    from serving.web.scales import INDICATORS

    row = portfolio.place.get(enterprise)
    if row is None:
        _leave(f"--enterprise: found {enterprise!r}, of which nothing is published", BAD_INPUT)
    places = [standing(_groups(portfolio, name), row) for name in INDICATORS]
    try:
        practices = Practices.load(portfolio.folder, portfolio)
    except NoPracticesError as nothing:
        _leave(str(nothing), FAILED)
    found = comparison(practices, enterprise, _everybody(portfolio)).model_dump()
    _tell({"standings": [asdict(one) for one in places if one], **found}, fmt)


def _tell(found: Mapping[str, Any], fmt: Format | None) -> None:
    from serving.output import emit, print_table

    chosen = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if chosen is not Format.table:
        emit(found, chosen)
        return
    print_table(found["standings"], STANDINGS, f"{found['enterprise_id']} among its like")
    told = [_practice(row) for row in found["items"]]
    print_table(told, PRACTICES, "what leaders do otherwise (robust units; an association, not a cause)")


def _practice(row: Row) -> Row:
    """One practice in a line, in three significant digits."""
    numbers = {name: f"{row[name]:.3g}" for name in ("own", "leaders", "others")}
    return numbers | {
        "practice": f"{row['kind']}:{row['subject']}".removesuffix(":"),
        "difference": f"{row['difference']:+.1f} ({row['low']:+.1f} to {row['high']:+.1f})",
        "apart": "yes" if row["apart"] else "",
        "effect": _verdict(row["effect"]),
    }


def _verdict(effect: Mapping[str, Any] | None) -> str | None:
    if effect is None or effect["verdict"] not in {"fewer", "more"}:
        return None if effect is None else str(effect["verdict"]).replace("_", " ")
    low, high = effect["low"], effect["high"]
    return f"failing units {effect['estimate']:+.0%} ({low:+.0%} to {high:+.0%})"


def _groups(portfolio: Portfolio, indicator: str) -> Groups:
    from models.portfolio.benchmarks import Groups

    return Groups(portfolio, indicator, _everybody(portfolio))


def _everybody(portfolio: Portfolio) -> Any:  # noqa: ANN401 - R booleans
    """Whoever has the store before them may see everybody in it."""
    import numpy as np

    return np.ones(len(portfolio), dtype=np.bool_)


def _portfolio() -> Portfolio:
    from models.outlook import NoOutlookError
    from models.portfolio import NoPortfolioError

    try:
        return _load()
    except (NoOutlookError, NoPortfolioError) as nothing:
        _leave(str(nothing), FAILED)


def _load() -> Portfolio:
    from features.settings import Settings
    from models.outlook import Outlook
    from models.portfolio import Portfolio

    folder: Path = Outlook.load(Settings()).folder
    return Portfolio.load(folder)


def _leave(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)
