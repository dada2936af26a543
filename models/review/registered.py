"""What the registry has: its versions, and the tables that training wrote beside them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from models import versions
from models.registry import CHALLENGER, tracking_uri
from models.review.plain import rows_of
from models.versions import CHAMPION, Registered

if TYPE_CHECKING:
    from features.settings import Settings

SHOWN = 50
"""Versions that are listed, the newest."""
TAGS = ("gate", "refused_because", "promoted_because", "promoted_by", "promoted_at", "data_fingerprint")
FILES = {"coverage": "coverage.csv", "gate_tests": "gate.csv"}


@dataclass(frozen=True)
class Shelf:
    """The registry as it was found; `error` says why it could not be asked."""

    tracking: str
    versions: tuple[Registered, ...] = ()
    experiment: str = ""
    error: str = ""
    tables: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)

    def row(self, one: Registered) -> dict[str, Any]:
        """A version as the board lists it."""
        return {
            "number": one.number,
            "model_version": one.tags.get("model_version", ""),
            "run_id": one.run_id,
            "aliases": list(one.aliases),
            "made_at": one.made_at,
            "url": self._url(one),
            "retired": one.tags.get("retired"),
            **{name: one.tags.get(name) for name in TAGS},
        }

    def files(self, alias: str) -> dict[str, list[dict[str, Any]]]:
        """The tables beside the version of an alias."""
        return self.tables.get(alias, {name: [] for name in FILES})

    def challenger(self) -> dict[str, Any] | None:
        """The challenger with its backtest, None where there is none."""
        one = next((one for one in self.versions if CHALLENGER in one.aliases), None)
        return None if one is None else self.row(one) | self.files(CHALLENGER)

    def _url(self, one: Registered) -> str | None:
        if not self.tracking.startswith(("http://", "https://")):
            return None
        return f"{self.tracking.rstrip('/')}/#/experiments/{self.experiment}/runs/{one.run_id}"


def public(uri: str) -> str:
    """Return an address without the name and password that may stand in it."""
    return re.sub(r"//[^/@]*@", "//", uri)


def shelf_of(settings: Settings) -> Shelf:
    """Ask the registry. One that cannot be asked stops nobody: the board says so."""
    uri = tracking_uri(settings)
    own = Path(settings.home).resolve() / "mlflow.db"
    if uri == f"sqlite:///{own}" and not own.exists():  # nothing was ever logged: asking would make a store
        return Shelf(public(uri))
    try:
        found = tuple(versions.listed(settings)[:SHOWN])
        experiment = versions.experiment_of(found[0], settings) if found else ""
        tables = {alias: _tables(found, alias, settings) for alias in (CHAMPION, CHALLENGER)}
    except Exception as error:  # a registry elsewhere has a hundred ways of not answering
        return Shelf(public(uri), error=public(f"{type(error).__name__}: {error}")[:500])
    return Shelf(public(uri), found, experiment, tables=tables)


def _tables(found: tuple[Registered, ...], alias: str, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    one = next((one for one in found if alias in one.aliases), None)
    if one is None:
        return {name: [] for name in FILES}
    wanted = FILES | ({"backtest": "backtest.csv"} if alias == CHALLENGER else {})
    with tempfile.TemporaryDirectory() as scratch:

        def fetched(name: str) -> Path:
            return versions.artifact(one, name, settings, Path(scratch))

        return {name: _rows(fetched, file) for name, file in wanted.items()}


def _rows(fetched: Callable[[str], Path], name: str) -> list[dict[str, Any]]:
    try:
        return rows_of(pd.read_csv(fetched(name)))
    except pd.errors.EmptyDataError:  # no intervals were judged at all
        return []
