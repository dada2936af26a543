"""Warnings (智能预警): looked for when data or forecasts change, each said once, resolved by themselves.

`look` detects and addresses; `deliver_until` sends what is addressed, until it is told to stop. Nothing heavy
is imported before one of them is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from datetime import date

    from features.settings import Settings
    from features.store import Store
    from serving.warnings.register import Outcome


def look(settings: Settings, store: Store | None = None, today: date | None = None) -> Outcome:
    """Detect, raise and resolve warnings, and address those who want to know; see `looking.look`."""
    from serving.warnings.looking import look as look_now

    return look_now(settings, store, today)


def deliver_until(settings: Settings, stopping: threading.Event) -> None:
    """Deliver what is due every few seconds until `stopping`; several processes may do so at once."""
    from serving.warnings.delivering import deliver_until as deliver_now

    deliver_now(settings, stopping)
