"""Where one enterprise stands among its like: for the API, and a sentence for its page."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from models.portfolio import NoPortfolioError
from models.portfolio.benchmarks import standing
from serving.access import Person
from serving.web.language import Language
from serving.web.planner.desk import Desk, desk_of
from serving.web.planner.places import industry_name, region_name, size_name
from serving.web.planner.schemas import BenchmarkStanding
from serving.web.reading import Reading
from serving.web.scales import INDICATORS
from serving.web.views.words import item_name


def standings(desk: Desk, enterprise_id: str) -> list[BenchmarkStanding]:
    """Return every indicator's standing of an enterprise; none before it was published."""
    row = desk.portfolio.place.get(enterprise_id)
    if row is None:
        return []
    found = [standing(desk.groups(indicator), row) for indicator in INDICATORS]
    return [
        BenchmarkStanding(
            indicator=own.indicator,
            value=own.value,
            division=own.division,
            size=own.size,
            region=own.region,
            enterprises=own.members,
            better_than=own.better_than,
        )
        for own in found
        if own
    ]


def standing_lines(
    request: Request, t: Language, library: Reading, person: Person, enterprise_id: str
) -> list[dict[str, Any]]:
    """Return what an enterprise's page says of its place; nothing where no group is large enough."""
    try:
        desk = desk_of(request, library, person)
    except NoPortfolioError:
        return []
    return [
        {
            "name": item_name(t, own.indicator),
            "share": own.better_than,
            "text": t(
                "standing.line", share=t.chance(own.better_than), group=_group(t, own), count=own.enterprises
            ),
        }
        for own in standings(desk, enterprise_id)
    ]


def _group(t: Language, own: BenchmarkStanding) -> str:
    parts = [industry_name(t, own.division)] + ([size_name(t, own.size)] if own.size else [])
    parts += [region_name(t, own.region)] if own.region else []
    return t.listing(parts)
