"""What the planning workbook of a group holds, gathered from the published portfolio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from features.context import figures
from models.portfolio import Portfolio, progress
from models.portfolio.bases import Basis
from models.portfolio.benchmarks import benchmarks
from models.results import LEVELS
from serving.reports.briefing.facts import Briefing
from serving.reports.planning.facts import QUANTILES, Enterprise, Like, Month, Planning, Published
from serving.web.language import language
from serving.web.papers.gathering import gathered, reaching
from serving.web.papers.helping import Help
from serving.web.papers.names import SiteNames
from serving.web.planner.answers import blocking, next_chance
from serving.web.planner.asked import Filter
from serving.web.planner.desk import Desk
from serving.web.scales import INDICATORS
from serving.web.views.words import item_name

if TYPE_CHECKING:
    from models.portfolio.firsts import Mask
    from serving.web.planner.targets import Wanted

AHEAD = (3, 6, 12)
MOST = 20_000
"""Enterprises of one workbook: more are for the API, page by page."""


def tabled(desk: Desk, wished: Filter, wanted: Sequence[Wanted], found_help: Help | None = None) -> Planning:
    """Return the workbook's facts; everything in it is of the same group as the briefing."""
    portfolio, basis, members = desk.portfolio, wished.basis, desk.members(wished)
    found = gathered(desk, wished, wanted, (found_help.offer,) if found_help else ())
    enterprises = tuple(_enterprises(portfolio, basis, members))
    return Planning(
        briefing=found,
        months=tuple(_months(portfolio, basis, members)),
        then=_then(desk, wished, wanted, members),
        enterprises=enterprises,
        helped=found_help.helped if found_help else (),
        likes=tuple(_likes(desk, wished)),
        published=tuple(Published(**vars(own)) for own in figures()),
        names=_names(found, enterprises),
    )


def _months(portfolio: Portfolio, basis: Basis, members: Mask) -> Iterator[Month]:
    for level in LEVELS[1:]:
        paths = portfolio.counts(basis, level, members & reaching(portfolio, basis, level))
        quantiles = np.quantile(paths, QUANTILES, axis=0, method="inverted_cdf").T
        for at, month in enumerate(portfolio.ahead):
            yield Month(level, month, float(paths[:, at].mean()), tuple(int(q) for q in quantiles[at]))


def _then(desk: Desk, wished: Filter, wanted: Sequence[Wanted], members: Mask) -> dict[int, tuple[int, ...]]:
    found = {}
    for at, own in enumerate(wanted):
        if own.target.level is None:
            continue
        reached = progress(desk.portfolio, own.target, wished.basis, members & own.among)
        if not reached.decided:
            found[at] = tuple(int(count) for count in reached.then)
    return found


def _enterprises(portfolio: Portfolio, basis: Basis, members: Mask) -> Iterator[Enterprise]:
    chance, level, own = next_chance(portfolio, basis), portfolio.level(basis), portfolio.columns
    falls = [portfolio.fall(basis, ahead) for ahead in AHEAD]
    for row in np.flatnonzero(members)[:MOST]:
        here = int(level[row])
        following = here + 1 if 0 < here < LEVELS[-1] else None
        yield Enterprise(
            id=str(own["enterprise_id"][row]),
            name=str(own["name"][row]),
            region=str(own["region_code"][row]),
            industry=str(portfolio.divisions[row]),
            size=str(own["size"][row]),
            chain=str(own["chain"][row]),
            level=here,
            chance=_number(chance[row]),
            fall=tuple(_number(fall[row]) if here else None for fall in falls),
            blocking=tuple(blocking(portfolio, basis, int(row), following)),
        )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _likes(desk: Desk, wished: Filter) -> Iterator[Like]:
    division = wished.industry.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:2]
    for indicator in INDICATORS:
        for own in benchmarks(desk.groups(indicator), [division] if len(division) == 2 else []):
            if own.alike and own.division:
                continue  # it cannot be told apart from everybody
            yield Like(indicator, own.region, own.division, own.size, own.members, own.quantiles)


def _names(found: Briefing, enterprises: Sequence[Enterprise]) -> dict[str, str]:
    """Return what every code that may occur is called, Chinese and English."""
    both = [SiteNames(language(code)) for code in ("zh", "en")]
    regions = {own.region for own in enterprises} | {own.region for own in found.regions}
    regions |= {found.group.region, found.group.place} | {own.area for own in figures()} - {""}
    regions |= {code[:digits] for code in regions for digits in (2, 4)}
    named = {code: [site.region(code) for site in both] for code in regions if code}
    named |= {
        code: [site.industry(code) for site in both]
        for code in {own.industry for own in enterprises} | {found.group.industry}
        if code
    }
    named |= {code: [site.size(code) for site in both] for code in ("large", "medium", "small", "micro")}
    items = {item for own in enterprises for item in own.blocking} | set(INDICATORS)
    named |= {item: [item_name(site.t, item) for site in both] for item in items}
    context = {own.indicator for own in figures()}
    named |= {code: [site.t.either(f"context.{code}", code) for site in both] for code in context}
    return {code: " ".join(dict.fromkeys(texts)) for code, texts in named.items()}
