"""What publication kept, read back: one plant is a few slices of a mapped file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from models.attainment.level_model import LevelModel
from models.attainment.official import State
from models.attainment.start import Start
from models.effects.model import EffectModel
from models.effects.sector import SectorEffects
from models.forecast.beyond import Beyond
from models.forecast.links import Link
from models.plans.following import Following
from models.recommend.money import Losses
from models.results import HORIZONS
from models.rules_numpy import ArrayRules
from models.what_if.files import Numbers, Plants
from models.what_if.keeping import FACTS, FOLDER, PLANTS, SHARED
from models.what_if.known import SHARED as SHARED_ERRORS
from models.what_if.known import Errors, SharedPaths, start_of
from models.what_if.levers import Place
from models.what_if.sectors import KeptSector

AT_HAND: Final = 48
"""Plants in memory with their paths, half a megabyte each."""
Answer = TypeVar("Answer")


class Kept:
    """The files of one publication; safe to share between threads, which may read twice what is read once."""

    def __init__(self, folder: Path) -> None:
        """Open them in an outlook's folder; FileNotFoundError where none were kept."""
        self._file = folder / FOLDER / SHARED
        self._facts = json.loads((folder / FOLDER / FACTS).read_text(encoding="utf-8"))
        self._plants = Plants(folder / FOLDER / PLANTS)
        self.model_version: str = self._facts["model_version"]
        self.learned = LevelModel.from_dict(self._facts["levels"])
        told = self._facts["following"]
        self.following = Following(tuple(told["claims"]), told["capability"])
        self.rules = ArrayRules()
        self._plant = lru_cache(maxsize=AT_HAND)(self._read_plant)
        self._sector = lru_cache(maxsize=128)(self._read_sector)

    @cached_property
    def shared(self) -> SharedPaths:
        """What all plants' paths have in common (an earlier version kept no later years)."""
        found, beyond, months = {}, self._facts.get("beyond", {}), self._facts.get("months", HORIZONS)
        with np.load(self._file, allow_pickle=False) as numbers:
            for target, link in self._facts["links"].items():
                own = {name: numbers.get(f"errors.{target}.{name}") for name in SHARED_ERRORS}
                found[target] = Errors.of(Link(**link), Beyond.from_dict(beyond.get(target)), own)
            count = len(next(iter(found.values())).seasoned)
            shock = numbers.get("shock", np.arange(count)).astype(np.int64)
        return SharedPaths(found, shock, self.seed, months)

    def plant(self, enterprise_id: str) -> Plant:
        """One plant; KeyError for one whose levels are not forecast. Those asked last stay in memory."""
        return self._plant(enterprise_id)

    @property
    def names(self) -> Iterable[str]:
        """Ids of all plants."""
        return self._plants.names

    def text(self, enterprise_id: str) -> str:
        """A plant's facts as JSON, as they were written."""
        return self._plants.facts(enterprise_id)

    def _read_plant(self, enterprise_id: str) -> Plant:
        facts = json.loads(self._plants.facts(enterprise_id))
        return Plant(self, enterprise_id, facts, self._plants.numbers(enterprise_id))

    @property
    def seed(self) -> int:
        """Which draws all paths are."""
        return int(self._facts["seed"])

    def sector(self, number: int) -> KeptSector:
        """What the lines of a sector have in common."""
        return self._sector(number)

    def _read_sector(self, number: int) -> KeptSector:
        told, shared = self._facts["sectors"][number], {}
        with np.load(self._file, allow_pickle=False) as numbers:
            for target in told["targets"]:
                start = f"sectors.{number}.{target}."
                names = [name for name in numbers.files if name.startswith(start)]
                shared[target] = {name.removeprefix(start): numbers[name] for name in names}
        return KeptSector(told["frequency"], tuple(told["levers"]), shared)


@dataclass(frozen=True)
class Plant:
    """One enterprise as it was kept."""

    kept: Kept
    enterprise_id: str
    facts: Mapping[str, Any]
    numbers: Numbers = field(repr=False)
    _answers: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, name: str, compute: Callable[[], Answer]) -> Answer:
        """Return what was computed under that name before, or compute it."""
        if name not in self._answers:
            self._answers[name] = compute()
        found: Answer = self._answers[name]
        return found

    @cached_property
    def begun(self) -> Start:
        """Its paths of the next twelve months, official state and known months."""
        return self.ahead(HORIZONS)

    def ahead(self, months: int | None = None) -> Start:
        """The same of so many months (all that were kept); made at each call."""
        shared = self.kept.shared
        months = shared.months if months is None else min(months, shared.months)
        return start_of(self.enterprise_id, self.facts, self.numbers, shared, months)

    @property
    def state(self) -> State:
        """Where it stands officially."""
        return State(**self.facts["state"])

    @cached_property
    def model(self) -> EffectModel:
        """Its levers' effects."""
        return self.kept.sector(self.facts["sector"]).line(self.enterprise_id, self.numbers)

    @cached_property
    def effects(self) -> dict[str, SectorEffects]:
        """The same by target; empty where none could be estimated."""
        return self.model.of(self.model.panels[0]) if self.model.panels else {}

    @property
    def losses(self) -> Losses:
        """Its failure cost of a year."""
        told = self.facts["losses"]
        return Losses(**told | {"likely": tuple(told["likely"]) if told["likely"] else None})

    @cached_property
    def levers(self) -> dict[str, Place]:
        """By parameter id, in the order stated."""
        return {told["parameter_id"]: Place(**told) for told in self.facts["levers"]}
