"""Roles, scopes, sessions and keys in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from serving.access import Role, Scope
from serving.web.language import Language

if TYPE_CHECKING:
    from serving.access.keys import Key
    from serving.access.sessions import Session

CHINA = timezone(timedelta(hours=8))
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""Marks in User-Agent headers; the first that is found counts, because most claim to be several."""
SHOWN = 6
"""Enterprises of a scope that are named; of more the count is said."""


def refusal(t: Language, refused: Exception) -> str:
    """Return why something was refused, in the reader's language where the catalogue has the sentence."""
    reason = getattr(refused, "reason", "")
    key = f"access.refused.{type(refused).__name__}{'.' + reason if reason else ''}"
    return t.either(key, str(refused))


def person_facts(t: Language, roles: Iterable[Role], scope: Scope) -> dict[str, str]:
    """Return what somebody may do and see."""
    named = [t(f"role.{role}") for role in sorted(roles)]
    return {"roles": t.listing(named) if named else t("role.none"), "scope": scope_text(t, scope, set(roles))}


def scope_text(t: Language, scope: Scope, roles: set[Role]) -> str:
    """Return whose numbers are seen."""
    if scope.everything or Role.ADMIN in roles:
        return t("scope.everything")
    parts = []
    if scope.enterprises:
        ids = sorted(scope.enterprises)
        shown = t.listing(ids) if len(ids) <= SHOWN else t("scope.count", count=t.number(len(ids)))
        parts.append(t("scope.enterprises", names=shown))
    if scope.regions:
        parts.append(t("scope.regions", names=t.listing(list(scope.regions))))
    return "; ".join(parts) if parts else t("scope.nothing")


def moment(t: Language, seconds: int | None) -> str:
    """Return a time of China as people write it; a dash for never."""
    if seconds is None:
        return t("none.dash")
    at = datetime.fromtimestamp(seconds, UTC).astimezone(CHINA)
    return f"{t.period(f'{at:%Y-%m-%d}')} {at:%H:%M}"


def browser(agent: str) -> str:
    """Return browser and system of a User-Agent header in a few words; an unknown one stays as it came."""
    program = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (program, system) if part) or agent


def session_view(t: Language, session: Session, own: str) -> dict[str, Any]:
    """Return one session as a table row."""
    return {
        "digest": session.digest,
        "user": session.user_name,
        "agent": browser(session.agent) or t("none.dash"),
        "address": session.address or t("none.dash"),
        "began": moment(t, session.began_at),
        "seen": moment(t, session.seen_at),
        "own": session.digest == own,
    }


def key_view(t: Language, key: Key, now: int) -> dict[str, Any]:
    """Return one key as a table row."""
    over = key.revoked_at is not None or (key.ends_at is not None and key.ends_at <= now)
    return {
        "id": key.id,
        "hint": key.hint,
        "name": key.name,
        "user": key.user_name,
        **person_facts(t, key.roles, key.scope),
        "made": moment(t, key.made_at),
        "made_by": key.made_by,
        "ends": moment(t, key.ends_at),
        "seen": moment(t, key.seen_at),
        "over": over,
    }
