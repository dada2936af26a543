"""`/warnings/subscriptions`: who is told of what by which way; forms that need no script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from serving.access import Person
from serving.warnings.finding import LEAST_CHANCE, USUAL_CHANCE, Channel, Kind, Rhythm
from serving.web.asking import Asker
from serving.web.html import language_of, render
from serving.web.language import Language
from serving.web.warning.asking import engine_of
from serving.web.warning.schemas import NewSubscription
from serving.web.warning.subscriptions_api import own, saved

if TYPE_CHECKING:
    from serving.warnings.subscriptions import Subscription

router = APIRouter(include_in_schema=False)
PATH = "/warnings/subscriptions"
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
CHANCES = tuple(step / 100 for step in range(50, 100, 5))


@router.get(PATH)
def subscriptions_page(
    request: Request, person: Asker, edit: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> Response:
    """Show one's subscriptions, what they were told last, and a form for a new one or the one to change."""
    return _page(request, person, edit)


@router.post(PATH)
def save_subscription(
    request: Request,
    person: Asker,
    channel: Annotated[str, Form(max_length=20)] = "",
    address: Annotated[str, Form(max_length=1000)] = "",
    kinds: Annotated[list[str] | None, Form(max_length=5)] = None,
    enterprises: Annotated[str, Form(max_length=20_000)] = "",
    chance: Annotated[float, Form()] = USUAL_CHANCE,
    rhythm: Annotated[str, Form(max_length=20)] = "at_once",
    language: Annotated[str, Form(max_length=8)] = "zh",
    endings: Annotated[str, Form(max_length=8)] = "",
    active: Annotated[str, Form(max_length=8)] = "",
    number: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    version: Annotated[int, Form(ge=1)] = 1,
) -> Response:
    """Keep a new subscription or change one; a fault is said above the form, which keeps what was written."""
    written = {
        "channel": channel,
        "address": address.strip(),
        "kinds": kinds or [],
        "enterprises": enterprises.replace(",", " ").split(),
        "chance": chance,
        "rhythm": rhythm,
        "language": language,
        "endings": bool(endings),
        "active": bool(active) or not number,
    }
    try:
        body = NewSubscription.model_validate(written)
        _save(request, person, body, number, version)
    except ValidationError as error:
        return _page(request, person, number, written, _first_fault(error))
    except HTTPException as error:
        if error.status_code == 404:
            raise
        return _page(request, person, number, written, str(error.detail))
    return RedirectResponse(PATH, 303)


@router.post(f"{PATH}/{{number}}/end")
def end_subscription(request: Request, person: Asker, number: Number) -> Response:
    """End a subscription."""
    from serving.warnings.subscriptions import drop

    own(request, person, number)
    drop(engine_of(request), person.name, number)
    return RedirectResponse(PATH, 303)


@router.post(f"{PATH}/{{number}}/test")
def try_subscription(request: Request, person: Asker, number: Number) -> Response:
    """Send a message that only says that it arrived."""
    from serving.warnings.wanted import try_out

    try_out(engine_of(request), own(request, person, number))
    return RedirectResponse(f"{PATH}#s{number}", 303)


def _save(request: Request, person: Person, body: NewSubscription, number: int, version: int) -> None:
    from serving.warnings.subscriptions import StaleSubscriptionError, add, change

    if not number:
        saved(request, person, body, add)
        return
    if own(request, person, number).channel is not body.channel:
        raise HTTPException(422, "channel: found another one; allowed is the one that it was")
    try:
        saved(request, person, body, change, number=number, version=version)
    except StaleSubscriptionError as error:
        raise HTTPException(409, str(error)) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"


def _page(
    request: Request, person: Person, edit: int, written: dict[str, Any] | None = None, fault: str = ""
) -> Response:
    from serving.warnings.settings import WarningSettings
    from serving.warnings.subscriptions import of_person
    from serving.warnings.wanted import available

    t, mine = language_of(request), of_person(engine_of(request), person.name)
    edited = next((one for one in mine if one.id == edit), None)
    if edit and edited is None:
        raise HTTPException(404)
    ways = available(person, WarningSettings())
    taken = {one.channel for one in mine} & {Channel.PAGE}
    context = {
        "here": "warnings",
        "rows": [_row(request, t, one) for one in mine],
        "form": written or _form(t, edited),
        "edited": edited,
        "fault": fault,
        "channels": [(str(one), t(f"warn.channel.{one}")) for one in ways if one not in taken],
        "missing": [t(f"warn.channel.{one}") for one in Channel if one not in ways],
        "kinds": [(str(one), t(f"warn.kind.{one}")) for one in Kind],
        "rhythms": [(str(one), t(f"warn.rhythm.{one}")) for one in Rhythm],
        "chances": [(chance, t.percent(chance, 0)) for chance in CHANCES if chance >= LEAST_CHANCE],
    }
    return render(request, "warning/subscriptions.html", context, 422 if fault else 200)


def _form(t: Language, edited: Subscription | None) -> dict[str, Any]:
    if edited is None:
        usual = NewSubscription(channel=Channel.WEBHOOK, language="en" if t.code == "en" else "zh")
        return usual.model_dump() | {"channel": ""}
    names = NewSubscription.model_fields
    return {name: getattr(edited, name) for name in names} | {"enterprises": sorted(edited.enterprises)}


def _row(request: Request, t: Language, one: Subscription) -> dict[str, Any]:
    from serving.warnings.outbox import history
    from serving.warnings.settings import signing_secret

    kinds = t.listing([t(f"warn.kind.{kind}") for kind in Kind if kind in one.kinds])
    home = request.app.state.settings.home
    return {
        "id": one.id,
        "channel": str(one.channel),
        "channel_text": t(f"warn.channel.{one.channel}"),
        "address": one.address,
        "active": one.active,
        "kinds": kinds or t("warn.kinds.all"),
        "enterprises": t.listing(sorted(one.enterprises)) or t("warn.enterprises.all"),
        "chance": t("warn.chance.from", chance=t.percent(one.chance, 0)),
        "rhythm": t(f"warn.rhythm.{one.rhythm}"),
        "secret": signing_secret(home, one.id) if one.channel is Channel.WEBHOOK else "",
        "history": [_told(t, row) for row in history(engine_of(request), one.id, 5)],
    }


def _told(t: Language, row: dict[str, Any]) -> dict[str, str]:
    at = str(row["sent_at"] or row["due_at"])
    return {
        "what": t(f"warn.what.{row['what']}"),
        "state": t(f"warn.delivery.{row['state']}"),
        "at": f"{t.period(at[:10])} {at[11:16]} UTC",
        "fault": row["fault"] or "",
        "tries": t("warn.delivery.tries", count=row["attempts"]) if row["attempts"] > 1 else "",
    }
