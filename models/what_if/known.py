"""A plant's known months, where it stands officially and its paths, to and from numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models.attainment.known import MONTHS, Array, Characteristics, Known, Stages
from models.attainment.official import State
from models.attainment.sample import Drawn, Sample
from models.attainment.start import Start
from models.forecast.links import Link, widen_yield
from models.forecast.paths import read_ranks
from models.plans.trial import Moved
from models.results import HORIZONS

SUMS: Final = ("units", "bad", "output", "internal", "external")
STAGES: Final = ("product", "first", "submitted", "passed")
CHARACTERISTICS: Final = ("lsl", "usl", "n", "mean", "sd", "df")


def path_numbers(begun: Start) -> dict[str, Array]:
    """Of every enterprise at once (rows): what makes the error paths of each target its own."""
    found: dict[str, Array] = {}
    for target, drawn in begun.sample.drawn.items():
        if not isinstance(drawn, Drawn):
            raise TypeError(f"{target}: only forecast paths are kept, found {type(drawn).__name__}")
        outlook = drawn.outlook
        signs = outlook.model.signs(outlook.panel, outlook.rows)
        facts = [drawn.answered, signs.known > 0, outlook.panel.submitted]
        found[f"{target}.facts"] = np.stack(facts, axis=1).astype(np.float64)
        found[f"{target}.point"] = drawn.point
        found[f"{target}.scale"] = outlook.model.spread.scale.of(signs)
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
    """One target's error paths, the same for everybody: P × 12 on the model scale, of a plant with scale one
    (`seasoned`) and of one without any history (`cold`).
    """

    link: Link
    seasoned: Array
    cold: Array

    @classmethod
    def of(cls, link: Link, quantiles: Array, cold: Array, ranks: Array) -> Errors:
        """Read the ranks (P × 12) through a target's quantiles, as `Spread.paths` does."""
        unknown = read_ranks(ranks, np.tile(cold, (HORIZONS, 1)))
        return cls(link, read_ranks(ranks, quantiles), unknown)

    def moved(self, numbers: Mapping[str, Array], target: str) -> Moved:
        """A plant's paths in the target's unit."""
        answered, known, submitted = numbers[f"{target}.facts"]
        own = self.seasoned * numbers[f"{target}.scale"] if known > 0 else self.cold
        plain = self.link.inverse(numbers[f"{target}.point"] + own)
        values = widen_yield(plain, np.array(submitted)) if self.link.falling else plain
        return Moved(values[None], bool(answered))


def start_of(
    enterprise_id: str,
    facts: Mapping[str, Any],
    numbers: Mapping[str, Array],
    errors: Mapping[str, Errors],
    seed: int,
) -> Start:
    """One enterprise's start, as `models.attainment.start.start` draws it."""
    drawn = {target: own.moved(numbers, target) for target, own in errors.items()}
    count = len(next(iter(errors.values())).seasoned)
    sample = Sample((enterprise_id,), np.array([facts["origin"]]), count, drawn, np.arange(count), seed)
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
