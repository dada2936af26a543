"""Publishing after a promotion: what the pages show, computed once from the store and the champion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.outlook import Outlook, Part, Publication
    from models.recommend import RecommendationRow


def publish_outlook(
    settings: Settings,
    store: Store,
    as_of: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    who: str | None = None,
) -> Outlook:
    """Compute forecasts, drivers, attainment and recommendations of all enterprises and make them current.

    Verdicts on finished actions are published with them. Recommendations come from the effect model and
    never from the forecasting model, so they are handed to `publish` from here; the forecasting model only
    says how the months ahead would go if nothing were done, which an official level is held against. The
    journal tells of it on behalf of `who` (None: the user of the operating system).
    """
    from models.outlook import publish
    from models.verdicts import publish_verdicts
    from serving.journal.publications import journalled

    parts = (*_parts(), journalled(store.fingerprint(), who))
    outlook = publish(settings, store, _advise, as_of, progress, parts=parts)
    publish_verdicts(settings, store)
    _warn(settings, store)
    return outlook


def _warn(settings: Settings, store: Store) -> None:
    """Look for what there is to warn of; what is published stays published if that cannot be told."""
    import structlog

    from serving.warnings import look

    try:
        look(settings, store)
    except Exception as error:
        structlog.get_logger("zhuoyue.warnings").error("nobody was warned", exc_info=error)


def _parts() -> tuple[Part, ...]:
    """What pages read beside the outlook's rows; one entry a room."""
    from models.assistance.keeping import keep_assistance
    from models.chains import keep_chains
    from models.portfolio.publishing import publish_portfolio
    from models.practices.keeping import keep_practices
    from models.review import review_part
    from models.what_if.keeping import keep_what_if
    from serving.shelving import keep_grades, keep_history, keep_lines

    return (
        keep_grades, keep_history, keep_lines, keep_what_if, publish_portfolio, review_part, keep_chains,
        keep_assistance, keep_practices,
    )  # fmt: skip


def _advise(made: Publication) -> list[RecommendationRow]:
    from models.recommend.records import records_of
    from models.recommend.standing import standing

    here = standing(made.tables, as_of=made.as_of, model=made.model, table=made.table)
    frame = made.table.frame
    known = sorted(set(frame.loc[frame["product_id"] == "", "enterprise_id"]))
    return made.fitted.advise(known, records=records_of(made.tables, made.as_of, here))
