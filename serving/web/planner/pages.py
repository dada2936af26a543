"""The planner's board as a page, and its forms."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.portfolio import NoPortfolioError
from models.portfolio.benchmarks import benchmarks
from serving.access import Person, Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, needs
from serving.web.html import language_of, message, render
from serving.web.language import Language
from serving.web.planner.answers import attainment, board, nearest, slipping
from serving.web.planner.asked import BoardQuery
from serving.web.planner.desk import Desk, desk_of
from serving.web.planner.list_forms import lists_view
from serving.web.planner.list_views import benchmark_view, curve_view, fall_row, near_row, targets_view
from serving.web.planner.refusals import refused
from serving.web.planner.schemas import TargetProgress, TargetWish
from serving.web.planner.targets import everyone, register
from serving.web.planner.targets_api import checked
from serving.web.planner.today_views import LIKELY, today_view
from serving.web.planner.views import PATH, choices, head_view, levels_view, regions_view
from serving.web.views.words import level_name

pages = APIRouter(include_in_schema=False, dependencies=[needs(Role.PLANNER)])
LISTED = 12


@pages.get(PATH)
def planners_board(
    request: Request, library: Library, person: Asker, wished: Annotated[BoardQuery, Query()]
) -> Response:
    """Show where a group stands, what its targets look like, and who moves."""
    t = language_of(request)
    try:
        desk = desk_of(request, library, person)
    except NoPortfolioError:
        return message(request, "board.none", steps=_steps(t))
    return render(request, "board.html", _context(request, t, desk, person, wished))


def _steps(t: Language) -> list[dict[str, str]]:
    return [{"text": t(f"board.step.{name}"), "command": f"zhuoyue {name}"} for name in ("train", "publish")]


def _context(request: Request, t: Language, desk: Desk, person: Person, wished: BoardQuery) -> dict[str, Any]:
    found = board(desk, wished)
    targets = everyone(desk, register(request), wished)
    chosen = _chosen(targets, wished)
    wished = wished.model_copy(update={"target": chosen.id})
    return {
        "here": "board",
        "query": wished,
        "head": head_view(t, found, wished),
        "choices": choices(t, desk, wished),
        "today": today_view(t, desk, wished, targets),
        "lists": lists_view(t, desk, person, wished),
        "levels": levels_view(t, found, wished.months),
        "regions": regions_view(t, found, wished),
        "targets": targets_view(t, targets, wished, {own.id for own in targets if _mine(own, person)}),
        "curve": curve_view(t, chosen, wished.months),
        "wish": _wish(t, chosen),
        **_movers(t, desk, wished),
        "benchmark": benchmark_view(t, _benchmarks(desk, wished), wished.indicator, wished),
    }


def _chosen(targets: list[TargetProgress], wished: BoardQuery) -> TargetProgress:
    """Return the target that is asked for, else the last of those about the level in view."""
    by_id = {found.id: found for found in targets}
    names = ("", "", "inspection", "assurance", "prevention", "excellence")
    of_level = [found for found in targets if found.level_id == names[wished.level]]
    kept = [found for found in of_level if found.source != "document"]
    return by_id.get(wished.target) or (kept[:1] or of_level[-1:] or targets)[0]


def _mine(found: TargetProgress, person: Person) -> bool:
    return found.source == "kept" and (found.owner == person.name or person.has(Role.ADMIN))


def _wish(t: Language, chosen: TargetProgress) -> dict[str, Any]:
    levels = (("inspection", 2), ("assurance", 3), ("prevention", 4), ("excellence", 5))
    options = [{"value": name, "name": level_name(t, level)} for name, level in levels]
    options.append({"value": "standard", "name": t("board.target.standard")})
    last = chosen.months[-1].month
    return {"levels": options, "baseline": chosen.baseline, "by": f"{last[:4]}-12"}


def _movers(t: Language, desk: Desk, wished: BoardQuery) -> dict[str, Any]:
    portfolio, basis, members = desk.portfolio, wished.basis, desk.members(wished)
    near = [attainment(portfolio, basis, int(row)) for row in nearest(portfolio, basis, members)[:LISTED]]
    falling = slipping(portfolio, basis, members, LIKELY)
    slips = [attainment(portfolio, basis, int(row)) for row in falling[:LISTED]]
    return {
        "near": [near_row(t, row) for row in near if row.chance],
        "falling": [fall_row(t, row) for row in slips],
        "falling_count": t("board.fall.count", count=t.number(len(falling)), least=t.percent(LIKELY, 0)),
        "all_url": wished.url(
            "/api/v1/attainment", target="", level=BoardQuery().level, months=36, indicator="ftq"
        ),
    }


def _benchmarks(desk: Desk, wished: BoardQuery) -> list[Any]:
    division = wished.industry.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:2]
    found = benchmarks(desk.groups(wished.indicator), [division] if len(division) == 2 else [])
    return [group for group in found if not group.region and (division or not group.size)]


@pages.post(f"{PATH}/targets")
def set_board_target(
    request: Request,
    library: Library,
    person: Asker,
    level_id: Annotated[str, Form(max_length=40)],
    baseline: Annotated[str, Form(max_length=10)],
    by: Annotated[str, Form(max_length=10)],
    count: Annotated[str, Form(max_length=10)],
    name: Annotated[str, Form(max_length=100)] = "",
    region: Annotated[str, Form(max_length=6)] = "",
    industry: Annotated[str, Form(max_length=6)] = "",
    size: Annotated[str, Form(max_length=20)] = "",
    chain: Annotated[str, Form(max_length=200)] = "",
    own_list: Annotated[str, Form(alias="list", max_length=40)] = "",
) -> Response:
    """Set a target for the group in view, and come back to it."""
    group = {"region": region, "industry": industry, "size": size, "chain": chain}
    try:
        wish = TargetWish.model_validate(
            {"level_id": level_id, "baseline": baseline, "by": by, "count": count, "name": name}
            | {**group, "list_id": own_list}
        )
    except ValidationError:
        return message(request, "board.refused", 422)
    if wish.by <= wish.baseline:
        return message(request, "board.refused", 422)
    document = checked(wish, desk_of(request, library, person))
    with refused():
        kept = register(request).add(document, person.name)
    return _back(BoardQuery(**group, list=own_list), kept.id)


@pages.post(f"{PATH}/targets/{{target_id}}/take-back")
def take_back_board_target(
    request: Request, person: Asker, target_id: str, version: Annotated[int, Form(ge=1)]
) -> Response:
    """Take a target of one's own back."""
    with refused():
        register(request).remove(target_id, version, person.name, any_owner=person.has(Role.ADMIN))
    return _back(BoardQuery(), "")


def _back(wished: BoardQuery, target: str) -> Response:
    return RedirectResponse(wished.url(PATH, target=target) + "#targets", 303)
