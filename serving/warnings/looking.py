"""One look at everything to warn of: detect, settle, address. It reads records and what is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from serving.warnings.addressing import Reader
from serving.warnings.finding import Look
from serving.warnings.register import Outcome, reconcile
from serving.warnings.settings import WarningSettings
from serving.warnings.subscriptions import Subscription, active

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.outlook import Outlook


def look(settings: Settings, store: Store | None = None, today: date | None = None) -> Outcome:
    """Detect, raise and resolve warnings, and address those who want to know. Again changes nothing.

    Needs no model: charts and stale data are looked at without one. `today` is the day (UTC) by which silence
    is measured and months are over.
    """
    from features.store import Store
    from features.store.database import open_database

    if store is None:
        with Store.open(settings) as opened:
            return look(settings, opened, today)
    engine, ways = open_database(settings), WarningSettings()
    try:
        found = detect(settings, store, today or datetime.now(UTC).date(), ways)
        return reconcile(engine, found, _readers(engine, store), ways.warning_digest_hour)
    finally:
        engine.dispose()


def detect(settings: Settings, store: Store, today: date, ways: WarningSettings) -> list[Look]:
    """Return what every detector found; of forecasts and drift only where something was published."""
    from models.review import read_review
    from serving.grading import graded
    from serving.warnings.detecting.charts import charts
    from serving.warnings.detecting.drift import drift
    from serving.warnings.detecting.forecasts import forecasts, levels
    from serving.warnings.detecting.stale import stale

    outlook = _outlook(settings)
    looks = [stale(store, outlook, today, ways.warning_stale_months)]
    checked = drift(read_review(settings))
    looks += [checked] if checked is not None else []
    if store.enterprises():
        looks.append(charts(store, today, ways.warning_false_alarm))
    if outlook is not None:
        grades = {str(evidence["enterprise_id"]): grade.to_dict() for grade, evidence in graded(store)}
        looks += [forecasts(outlook, grades), levels(outlook.attainment(), grades)]
    return looks


def _outlook(settings: Settings) -> Outlook | None:
    from models.outlook import NoOutlookError, Outlook

    try:
        return Outlook.load(settings)
    except NoOutlookError:
        return None


def _readers(engine: sa.Engine, store: Store) -> list[Reader]:
    """Return everybody who is to be told of anything, with the roles and the scope of this moment."""
    from serving.access.lookup import person_named

    with engine.connect() as connection:
        wanted = active(connection)
    enterprises = enterprise_rows(store) if wanted else {}
    people = {name: person_named(engine, name) for name in {one.person for one in wanted}}
    found = ((one, people[one.person]) for one in wanted)
    return [Reader(one, person, enterprises) for one, person in found if person is not None]


class Audience:
    """Who may see what at this moment, looked up once for as long as this object is kept."""

    def __init__(self, engine: sa.Engine, settings: Settings) -> None:
        """Remember where to look."""
        self._engine, self._settings = engine, settings

    @cached_property
    def _enterprises(self) -> Mapping[str, Mapping[str, Any]]:
        from features.store import Store

        with Store.open(self._settings) as store:
            return enterprise_rows(store)

    def reader(self, subscription: Subscription) -> Reader | None:
        """Return a subscription's reader; None where the person is unknown or switched off."""
        from serving.access.lookup import person_named

        person = person_named(self._engine, subscription.person)
        return None if person is None else Reader(subscription, person, self._enterprises)


def enterprise_rows(store: Store) -> dict[str, dict[str, Any]]:
    """Return the rows of `enterprises` by id."""
    rows = store.table("enterprises").collect("pyarrow").to_arrow().to_pylist()
    return {str(row["enterprise_id"]): row for row in rows}
