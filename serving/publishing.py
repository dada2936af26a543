"""Publishing after a promotion: what the pages show, computed once from the store and the champion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.outlook import Outlook


def publish_outlook(
    settings: Settings,
    store: Store,
    as_of: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Outlook:
    """Compute forecasts, drivers, attainment and recommendations of all enterprises and make them current.

    Verdicts on finished actions are published with them. Recommendations come from the effect model and never from the forecasting model, so they are handed to
    `publish` from here.
    """
    from functools import partial

    from models.effects import readings_per_period
    from models.outlook import publish
    from models.recommend import recommend
    from models.verdicts import publish_verdicts

    advise = partial(recommend, readings=readings_per_period(store))
    outlook = publish(settings, store, advise, as_of, progress)
    publish_verdicts(settings, store)
    return outlook
