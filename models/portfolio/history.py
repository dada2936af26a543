"""Official levels of past months: which level was first reached when, as targets count it.

A month's answer rests on the records of twelve months. So answers are kept from publication to publication,
and only those are made anew that records which came since can have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.aggregates import Scope
from features.aggregates.recorded import recorded_moments, stated_months
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.evidence import evidence_by_month, evidence_with_notes
from features.tables import Tables
from models.attainment.known import MONTHS
from models.portfolio.bases import BASES, Basis, levels_of
from models.results import LEVELS
from qm_rules import grade, load_pack, parse_evidence

COLUMNS = (ENTERPRISE, "month", *BASES)
STEPS = LEVELS[1:]
Months = NDArray[np.int32]


@dataclass(frozen=True)
class Changed:
    """Records that came: of the enterprises from `low` to `high`, from month index `month` on."""

    low: str
    high: str
    month: int


@dataclass(frozen=True)
class Reached:
    """By enterprise: the first month (index; 0: never) with a grade at all (`since` R) and at or above each
    of the levels 2 … 5 (`first` R × 4).
    """

    since: Months
    first: NDArray[np.int32]


def official(tables: Tables, enterprise_ids: Sequence[str] | None, as_of: str | None) -> list[dict[str, Any]]:
    """Official answers (`Grade.to_dict()`, with `items`: levels of the management items), on each one's
    latest window where no month is named.
    """
    pack = load_pack()
    found = evidence_with_notes(tables, enterprise_ids, as_of)
    return [
        grade(parse_evidence(document), pack=pack, notes=notes).to_dict()
        | {"items": document.get("management", {})}
        for document, notes in found
    ]


def first_months(tables: Tables) -> dict[str, int]:
    """The first month with any record, by enterprise."""
    found = [collect_pandas(rows(tables, Scope("month"))) for rows in (recorded_moments, stated_months)]
    months = pd.concat([rows[[ENTERPRISE, "t"]] for rows in found], ignore_index=True)
    return {str(name): int(t) for name, t in months.groupby(ENTERPRISE)["t"].min().items()}


def history(
    tables: Tables, latest: Mapping[str, int], former: pd.DataFrame, changed: Iterable[Changed]
) -> pd.DataFrame:
    """Levels (0: none) by enterprise and month, from the first full window up to the month before `latest`.

    `former` are the rows of the publication before; those that `changed` reaches are made anew.
    """
    begins = {name: first + MONTHS - 1 for name, first in first_months(tables).items() if name in latest}
    former = former[former[ENTERPRISE].isin(list(begins))]
    own_begin, own_end = (former[ENTERPRISE].map(of).to_numpy() for of in (begins, latest))
    month = former["month"].to_numpy()
    kept = former[(month >= own_begin) & (month < own_end) & ~_touched(former, changed)]
    have = set(zip(kept[ENTERPRISE], kept["month"], strict=True))
    wanted: dict[int, list[str]] = {}
    for name in sorted(begins):
        for month_ in range(begins[name], latest[name]):
            if (name, month_) not in have:
                wanted.setdefault(month_, []).append(name)
    made = _levels(tables, wanted)
    rows = pd.DataFrame(made, columns=list(COLUMNS)).astype(
        {"month": np.int64, **dict.fromkeys(BASES, np.int8)}
    )
    found = pd.concat([kept, rows], ignore_index=True) if len(kept) else rows
    return found.sort_values([ENTERPRISE, "month"], ignore_index=True)


def _levels(tables: Tables, wanted: Mapping[int, Sequence[str]]) -> list[tuple[Any, ...]]:
    pack = load_pack()
    rows = []
    for month, (document, notes) in evidence_by_month(tables, wanted):
        answer = grade(parse_evidence(document), pack=pack, notes=notes).to_dict()
        rows.append((document[ENTERPRISE], month, *levels_of(answer).values()))
    return rows


def _touched(rows: pd.DataFrame, changed: Iterable[Changed]) -> NDArray[np.bool_]:
    names, months = rows[ENTERPRISE].to_numpy(dtype=object), rows["month"].to_numpy()
    out = np.zeros(len(rows), dtype=np.bool_)
    for new in changed:
        out |= (names >= new.low) & (names <= new.high) & (months >= new.month)
    return out


def reached(rows: pd.DataFrame, basis: Basis, enterprise_ids: Sequence[str]) -> Reached:
    """When each enterprise first had a grade, and first reached each level, by the rows of `history`."""
    place = {name: row for row, name in enumerate(enterprise_ids)}
    own = rows[ENTERPRISE].map(place).to_numpy()
    level, month = rows[basis].to_numpy(), rows["month"].to_numpy(np.int32)
    firsts = [_earliest(own[level >= step], month[level >= step], len(place)) for step in (1, *STEPS)]
    return Reached(firsts[0], np.stack(firsts[1:], axis=1))


def _earliest(rows: NDArray[Any], months: Months, count: int) -> Months:
    never = np.iinfo(np.int32).max
    out = np.full(count, never, dtype=np.int32)
    np.minimum.at(out, rows.astype(np.int64), months)
    return np.where(out == never, np.int32(0), out)
