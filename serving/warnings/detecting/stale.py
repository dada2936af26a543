"""Silence: no records where there should be some, and forecasts that rest on older records than there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from features.monitoring.points import newest_months
from features.periods import index_of, to_label
from serving.warnings.finding import Finding, Kind, Look

if TYPE_CHECKING:
    from features.store import Store
    from models.outlook import Outlook

STORE = "records"
OUTLOOK = "outlook"


def stale(store: Store, outlook: Outlook | None, today: date, months: int) -> Look:
    """Look for the newest month of everybody, of single enterprises, and at what the outlook rests on.

    Where everybody is silent, that is one warning about the store and not one about each enterprise.
    """
    newest = newest_months(store)
    found = [] if not newest else _silent(newest, index_of(today, "month") - 1, months)
    if outlook is not None and outlook.fingerprint not in ("", store.fingerprint()):
        facts = {"what": OUTLOOK, "created_at": outlook.created_at}
        found.append(Finding(Kind.STALE, None, OUTLOOK, outlook.created_at[:7], 1.0, facts))
    return Look.of(Kind.STALE, found, enterprises=len(newest), months=months)


def _silent(newest: Mapping[str, int], expected: int, months: int) -> list[Finding]:
    latest = max(newest.values())
    found = []
    if expected - latest >= months:
        found.append(_finding(None, STORE, latest, expected - latest))
    for name, month in sorted(newest.items()):
        behind = min(latest, expected) - month
        if behind >= months:
            found.append(_finding(name, STORE, month, behind))
    return found


def _finding(enterprise: str | None, subject: str, month: int, behind: int) -> Finding:
    facts = {"what": subject, "last": to_label(month, "month"), "behind": behind}
    return Finding(Kind.STALE, enterprise, subject, to_label(month, "month"), float(behind), facts)
