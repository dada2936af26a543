"""A plant's known months, where it stands officially and its paths, to and from numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models.attainment.known import MONTHS, Array, Characteristics, Index, Known, Stages
from models.attainment.official import State
from models.attainment.sample import Drawn, Sample
from models.attainment.start import Start
from models.forecast.beyond import Beyond, error_paths
from models.forecast.links import Link, widen_yield
from models.plans.trial import Moved

SUMS: Final = ("units", "bad", "output", "internal", "external")
SHARED: Final = ("quantiles", "cold", "ranks", "later")
STAGES: Final = ("product", "first", "submitted", "passed")
CHARACTERISTICS: Final = ("lsl", "usl", "n", "mean", "sd", "df")


def path_numbers(begun: Start) -> dict[str, Array]:
    """Of every enterprise at once (rows): what makes the error paths of each target its own."""
    found: dict[str, Array] = {}
    for target, drawn in begun.sample.drawn.items():
        if not isinstance(drawn, Drawn):
            raise TypeError(f"{target}: only forecast paths are kept, found {type(drawn).__name__}")
        facts = [drawn.answered, drawn.seasoned, drawn.outlook.panel.submitted]
        found[f"{target}.facts"] = np.stack(facts, axis=1).astype(np.float64)
        found[f"{target}.point"] = drawn.points
        found[f"{target}.scale"] = drawn.scale
    return found


def numbers_of(begun: Start, paths: Mapping[str, Array], row: int) -> dict[str, Array]:
    """One enterprise's numbers, all flat; `paths` as `path_numbers` has them."""
    known = begun.known.take(slice(row, row + 1))
    found = {f"known.{name}": getattr(known, name) for name in SUMS}
    found |= {f"stages.{name}": getattr(known.stages, name) for name in STAGES}
    found |= {f"characteristics.{name}": getattr(known.characteristics, name) for name in CHARACTERISTICS}
    found |= {name: values[row] for name, values in paths.items()}
    return {name: np.asarray(value, dtype=np.float64).ravel() for name, value in found.items()}


@dataclass(frozen=True)
class Errors:
    """One target's error paths, the same for everybody: P × M on the model scale, of a plant with scale one
    (`seasoned`) and of one without any history (`cold`).
    """

    link: Link
    seasoned: Array
    cold: Array

    @classmethod
    def of(cls, link: Link, beyond: Beyond, kept: Mapping[str, Array]) -> Errors:
        """From what `shared_errors` kept of a target, as a sample makes them."""
        later = kept["later"] if kept.get("later") is not None else np.empty((len(kept["ranks"]), 0))
        return cls(link, *error_paths(beyond, kept["quantiles"], kept["cold"], kept["ranks"], later))

    def moved(self, numbers: Mapping[str, Array], target: str, months: int) -> Moved:
        """A plant's paths in the target's unit, so many months ahead."""
        answered, known, submitted = numbers[f"{target}.facts"]
        point, scale = (numbers[f"{target}.{name}"][:months] for name in ("point", "scale"))
        own = self.seasoned[:, :months] * scale if known > 0 else self.cold[:, :months]
        plain = self.link.inverse(point + own)
        values = widen_yield(plain, np.array(submitted)) if self.link.falling else plain
        return Moved(values[None], bool(answered))


@dataclass(frozen=True)
class SharedPaths:
    """What all enterprises' samples have in common: error paths by target, the past origin that each path's
    shocks are of (P), which draw they are, and how many months ahead they go.
    """

    errors: Mapping[str, Errors]
    shock: Index
    seed: int
    months: int


def shared_errors(drawn: Drawn) -> dict[str, Array]:
    """What all enterprises' error paths of a target are read from."""
    spread = drawn.outlook.model.spread
    return dict(zip(SHARED, (spread.quantiles, spread.cold, drawn.ranks, drawn.later), strict=True))


def start_of(
    enterprise_id: str,
    facts: Mapping[str, Any],
    numbers: Mapping[str, Array],
    shared: SharedPaths,
    months: int,
) -> Start:
    """One enterprise's start, as `models.attainment.start.start` draws it."""
    drawn = {target: own.moved(numbers, target, months) for target, own in shared.errors.items()}
    shock, origin = shared.shock, np.array([facts["origin"]])
    sample = Sample((enterprise_id,), origin, len(shock), drawn, shock, shared.seed, months)
    return Start(sample, (State(**facts["state"]),), _known(numbers))


def _known(numbers: Mapping[str, Array]) -> Known:
    sums = {name: numbers[f"known.{name}"].reshape(1, MONTHS) for name in SUMS}
    product, first, submitted, passed = (numbers[f"stages.{name}"] for name in STAGES)
    none = np.zeros(len(product), dtype=np.int64)
    stages = Stages(
        none,
        product.astype(np.int64),
        first > 0,
        submitted.reshape(-1, MONTHS),
        passed.reshape(-1, MONTHS),
    )
    lsl, usl, *monthly = (numbers[f"characteristics.{name}"] for name in CHARACTERISTICS)
    rows = [values.reshape(-1, MONTHS) for values in monthly]
    own = Characteristics(np.zeros(len(lsl), dtype=np.int64), lsl, usl, *rows)
    return Known(**sums, stages=stages, characteristics=own)
