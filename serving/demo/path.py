"""From records to advice on a simulated province: the steps that a plant's people would take one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.settings import Settings
    from features.store import Store
    from models.outlook import Outlook

MARK = "demo.json"
Tell = Callable[[str, int, int], None]
Parameters = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Rows of `parameters` by enterprise and parameter id: what people call their levers."""


class HomeInUseError(ValueError):
    """The home folder holds records that are not the demonstration's."""


class NotPromotedError(RuntimeError):
    """The promotion gate refused the demonstration's model."""


@dataclass(frozen=True)
class Province:
    """Which simulated province: its seed, number of plants, months of history."""

    seed: int
    enterprises: int
    months: int


@dataclass(frozen=True)
class Outcome:
    """What the path came to."""

    province: Province
    records: int
    grades: tuple[dict[str, Any], ...]
    outlook: Outlook
    parameters: Parameters


def claim(settings: Settings, province: Province) -> None:
    """Mark the home folder as the demonstration's.

    Raises:
        HomeInUseError: it holds other records, which simulated ones must never be mixed with.
    """
    mark = settings.home / MARK
    mine = asdict(province)
    if mark.exists() and json.loads(mark.read_text("utf-8")) == mine:
        return
    if mark.exists() or (settings.records.exists() and any(settings.records.iterdir())):
        raise HomeInUseError(
            f"{settings.home.absolute()} already holds other records, and simulated ones are never mixed "
            "with them. Name another folder, for example: ZHUOYUE_HOME=var/demo2 make demo"
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps(mine), encoding="utf-8")


def bring_records(settings: Settings, store: Store, province: Province, tell: Tell) -> int:
    """Write the province as record tables and import them; return the number of records."""
    from features.simulator import World, write_tables
    from serving.demo.targets import write_targets

    folder = settings.home / "province"
    tell("simulating plants", 0, 2)
    world = World(province.seed, province.enterprises, province.months)
    paths = write_tables(world, folder, "parquet")
    write_targets(folder, province.enterprises)
    tell("importing records", 1, 2)
    report = store.import_paths([folder])
    tell("importing records", 2, 2)
    return sum(row.rows for row in report.tables if row.table in paths)


def grade_all(store: Store) -> tuple[dict[str, Any], ...]:
    """The official grade of every enterprise in the store, as `zhuoyue grade` answers."""
    from features.evidence import evidence_with_notes
    from qm_rules import grade, load_pack, parse_evidence

    pack = load_pack()
    found = evidence_with_notes(store)
    return tuple(grade(parse_evidence(e.document), pack=pack, notes=e.notes).to_dict() for e in found)


def learn(settings: Settings, store: Store, tell: Tell) -> Outlook:
    """Train through MLflow and publish what the champion says.

    Raises:
        NotPromotedError: the gate refused the first model, so that there is nothing to show.
    """
    from models.forecast.bundle import NoChampionError
    from models.training import train
    from serving.publishing import publish_outlook

    report = train(store, settings, progress=tell)
    try:
        return publish_outlook(settings, store, progress=tell)
    except NoChampionError:
        raise NotPromotedError(
            f"the gate refused the model, and there is none before it: {'; '.join(report.reasons)}. "
            "The grades stand; another province: zhuoyue demo --seed 250 (with another ZHUOYUE_HOME)"
        ) from None
