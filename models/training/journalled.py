"""What becomes of a model, in the journal: by whom, when, on which records and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.settings import Settings

SUBJECT = "model:"
"""How the journal calls a model: this and its name (`model_version`)."""


def note(
    settings: Settings,
    action: str,
    model_version: str,
    registry_version: str,
    reasons: Sequence[str],
    who: str | None,
    **facts: Any,  # noqa: ANN401 - whatever JSON can say
) -> None:
    """Write `promote`, `force` or `refuse` of a model before it is served: nothing is served unsaid."""
    from features.journal import record
    from features.store.database import open_database
    from features.store.ledger import here

    engine = open_database(settings)
    try:
        said = {"registry_version": registry_version, "reasons": list(reasons), **facts}
        record(engine, f"{SUBJECT}{model_version}", action, who or here(), **said)
    finally:
        engine.dispose()
