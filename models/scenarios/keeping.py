"""Computed scenarios as files: one for what a scenario says and a publication, whole or not there.

They lie in `scenarios/` of the home folder. A publication's paths are no other's, so that a scenario is
computed anew after one; what was computed for former versions or publications is cleared away then.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.portfolio.bases import BASES, Basis
from models.portfolio.firsts import Firsts

if TYPE_CHECKING:
    from features.settings import Settings

FOLDER = "scenarios"


@dataclass(frozen=True)
class Result:
    """Of n enterprises that a scenario touches: first months on the portfolio's joint paths (4 × n × P), and
    of the actions that each is helped to begin the `cost` (CNY a year), how many there are, and whether all
    their costs are on record. `said` is what else a reader must know.
    """

    enterprise_ids: tuple[str, ...]
    firsts: Mapping[Basis, Firsts]
    cost: NDArray[np.float64]
    actions: NDArray[np.int64]
    cost_known: NDArray[np.bool_]
    said: Mapping[str, Any] = field(default_factory=dict)


def keep(settings: Settings, scenario_id: str, stamp: str, outlook_id: str, found: Result) -> Path:
    """Write a result, and clear away what was computed for former versions or publications."""
    file = place(settings, scenario_id, stamp, outlook_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    numbers = {f"firsts.{basis}": own for basis, own in found.firsts.items()}
    with draft.open("wb") as out:
        np.savez_compressed(
            out,
            ids=np.array(found.enterprise_ids, dtype=np.str_),
            cost=found.cost,
            actions=found.actions,
            cost_known=found.cost_known,
            said=np.array(json.dumps(found.said)),
            **numbers,  # type: ignore[arg-type]  # names of arrays
        )
    draft.replace(file)
    for other in file.parent.glob("*.npz"):
        if other != file:
            other.unlink(missing_ok=True)
    return file


def kept(settings: Settings, scenario_id: str, stamp: str, outlook_id: str) -> Result | None:
    """Read a result; None where it was not computed for this version on this publication."""
    try:
        with np.load(place(settings, scenario_id, stamp, outlook_id), allow_pickle=False) as numbers:
            return Result(
                tuple(numbers["ids"].tolist()),
                {basis: numbers[f"firsts.{basis}"] for basis in BASES},
                numbers["cost"],
                numbers["actions"],
                numbers["cost_known"],
                json.loads(str(numbers["said"])),
            )
    except FileNotFoundError:
        return None


def ever_computed(settings: Settings, scenario_id: str) -> bool:
    """Whether anything was computed of a scenario, whatever it said then."""
    return any((Path(settings.home) / FOLDER / scenario_id).glob("*.npz"))


def forget(settings: Settings, scenario_id: str) -> None:
    """Take away everything that was computed of a scenario."""
    shutil.rmtree(Path(settings.home) / FOLDER / scenario_id, ignore_errors=True)


def place(settings: Settings, scenario_id: str, stamp: str, outlook_id: str) -> Path:
    """The file of a result; `stamp` says which version of the scenario (and of its list) was computed."""
    return Path(settings.home) / FOLDER / scenario_id / f"{stamp}-{outlook_id}.npz"
