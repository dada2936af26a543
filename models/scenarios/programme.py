"""Which actions an enterprise begins in a programme, and on which paths it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np

from models.attainment.known import Mask
from models.attainment.sample import SEED
from models.plans.actions import Action
from models.scenarios.wish import OPTIONS, Option
from models.what_if.levers import Place


def actions_of(
    rows: Sequence[Mapping[str, Any]], levers: Mapping[str, Place], option: Option
) -> list[Action]:
    """The first of an enterprise's published recommendations, in the order of their ranks."""
    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["rank"])
    return [_action(row, levers[row["parameter_id"]]) for row in ranked[: OPTIONS[option]]]


def _action(row: Mapping[str, Any], lever: Place) -> Action:
    return Action(
        row["parameter_id"],
        row["parameter_name"],
        row["unit"],
        row["from"],
        row["to"],
        float(row["cost"] or 0.0),
        lever.cost_per_unit is not None,
        row["confidence"],
    )


def takes_up(enterprise_id: str, share: float, paths: int) -> Mask:
    """P booleans: on which joint paths an enterprise takes part.

    The lots are its own and do not depend on the share: where more take part, all do who did with fewer.
    """
    lots = np.random.default_rng([SEED, 7, crc32(enterprise_id.encode())]).random(paths)
    return np.asarray(lots < share)
