"""`/api/v1/warning-subscriptions`: one's own, made, changed, tried out and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from serving.web.asking import Asker
from serving.web.jobs.api import refusals
from serving.web.problems import RESPONSES
from serving.web.schemas import Page
from serving.web.warning.api import IfMatch, version_of
from serving.web.warning.asking import engine_of
from serving.web.warning.schemas import Delivery, NewSubscription, Secret, Subscription

if TYPE_CHECKING:
    from serving.warnings.subscriptions import Subscription as Kept

router = APIRouter(prefix="/api/v1/warning-subscriptions", tags=["warnings"], responses=RESPONSES)
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the subscription")]


@router.get("")
def warning_subscriptions(
    request: Request,
    person: Asker,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page[Subscription]:
    """List one's own subscriptions, the oldest first."""
    from serving.warnings.subscriptions import of_person

    found = of_person(engine_of(request), person.name)
    items = [_told(one) for one in found[offset : offset + limit]]
    return Page(items=items, total=len(found), limit=limit, offset=offset)


@router.post("", status_code=201)
def subscribe_to_warnings(
    request: Request, response: Response, person: Asker, body: NewSubscription
) -> Subscription:
    """Ask to be told. Twenty at most; mail and MQTT only where an administrator has set them up."""
    from serving.warnings.subscriptions import add

    kept = saved(request, person, body, add)
    response.headers["location"] = f"/api/v1/warning-subscriptions/{kept.id}"
    response.headers["etag"] = f'"{kept.version}"'
    return _told(kept)


@router.get("/{number}")
def warning_subscription(request: Request, response: Response, person: Asker, number: Number) -> Subscription:
    """Return one subscription of one's own."""
    found = own(request, person, number)
    response.headers["etag"] = f'"{found.version}"'
    response.headers["cache-control"] = "private, no-cache"
    return _told(found)


@router.put("/{number}", responses=refusals(_412="Somebody was faster"))
def change_warning_subscription(
    request: Request,
    response: Response,
    person: Asker,
    number: Number,
    body: NewSubscription,
    if_match: IfMatch = None,
) -> Subscription:
    """Write a subscription anew; what waits for it already goes out as it was."""
    from serving.warnings.subscriptions import StaleSubscriptionError, change

    before = own(request, person, number)
    if body.channel is not before.channel:
        raise HTTPException(422, f"channel: found {body.channel}; allowed is {before.channel}, as it was")
    version = version_of(if_match) or before.version
    try:
        kept = saved(request, person, body, change, number=number, version=version)
    except StaleSubscriptionError as error:
        raise HTTPException(412, str(error)) from error
    response.headers["etag"] = f'"{kept.version}"'
    return _told(kept)


@router.delete("/{number}", status_code=204)
def end_warning_subscription(request: Request, person: Asker, number: Number) -> Response:
    """End a subscription; what still waits for it is dropped."""
    from serving.warnings.subscriptions import drop

    own(request, person, number)
    drop(engine_of(request), person.name, number)
    return Response(status_code=204)


@router.post("/{number}/test", status_code=202)
def try_warning_subscription(request: Request, person: Asker, number: Number) -> Page[Delivery]:
    """Send a message that only says that it arrived; returns what was said last, the newest first."""
    from serving.warnings.wanted import try_out

    found = own(request, person, number)
    if found.channel == "page":
        raise HTTPException(422, "channel: found page; allowed is one that sends something")
    try_out(engine_of(request), found)
    return _deliveries(request, number, 20)


@router.get("/{number}/deliveries")
def warning_deliveries(
    request: Request, person: Asker, number: Number, limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> Page[Delivery]:
    """Return what was said to this subscription last, and what went wrong."""
    own(request, person, number)
    return _deliveries(request, number, limit)


@router.get("/{number}/secret")
def webhook_secret(request: Request, response: Response, person: Asker, number: Number) -> Secret:
    """Return the secret that signs a webhook's messages; it belongs to this subscription alone."""
    from serving.warnings.settings import signing_secret

    found = own(request, person, number)
    if found.channel != "webhook":
        raise HTTPException(404, f"subscription {number} is no webhook")
    response.headers["cache-control"] = "no-store"
    return Secret(secret=signing_secret(request.app.state.settings.home, number))


def own(request: Request, person: Asker, number: int) -> Kept:
    """Return a subscription of the asker's; 404 for any other."""
    from serving.warnings.subscriptions import UnknownSubscriptionError, get

    try:
        return get(engine_of(request), person.name, number)
    except UnknownSubscriptionError:
        raise HTTPException(404, f"no subscription {number}") from None


def saved(
    request: Request,
    person: Asker,
    body: NewSubscription,
    save: Any,  # noqa: ANN401 - `add` or `change`
    **more: int,
) -> Kept:
    """Check a subscription and keep it; 422 with what was found and what is allowed."""
    from serving.warnings.settings import WarningSettings
    from serving.warnings.subscriptions import Subscription as New
    from serving.warnings.subscriptions import SubscriptionError
    from serving.warnings.wanted import checked

    fields: dict[str, Any] = body.model_dump()
    fields |= {name: frozenset(fields[name]) for name in ("kinds", "enterprises")}
    fields |= {"id": more.get("number", 0), "version": more.get("version", 1)}
    wanted = New(person=person.name, **fields)
    try:
        checked(wanted, person, request.app.state.reading.enterprises(), WarningSettings())
        kept: Kept = save(engine_of(request), wanted)
    except SubscriptionError as error:
        raise HTTPException(422, str(error)) from error
    return kept


def _deliveries(request: Request, number: int, limit: int) -> Page[Delivery]:
    from serving.warnings.outbox import history

    items = [Delivery(**row) for row in history(engine_of(request), number, limit)]
    return Page(items=items, total=len(items), limit=limit, offset=0)


def _told(one: Kept) -> Subscription:
    names = {name: getattr(one, name) for name in Subscription.model_fields}
    return Subscription(**names | {"kinds": sorted(one.kinds), "enterprises": sorted(one.enterprises)})
