"""Making a portfolio of a publication: official answers, their history, and the paths of the months ahead."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from features.aggregates import Scope
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.completeness import latest_complete_months
from features.periods import to_index
from models.portfolio import history as past
from models.portfolio.bases import BASES, Basis, levels_of
from models.portfolio.firsts import Firsts, in_calendar
from models.portfolio.kept import FACTS, HISTORY, WHO, write
from models.portfolio.ledger_changes import changes, visible
from models.portfolio.paths import Ahead, ahead_of
from models.results import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

    from models.outlook import Publication

Columns = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What a portfolio is made from: rows of `enterprises` in order of region and id, official answers by id,
    the latest month (index) of each with records, history up to the month before, and the months ahead.
    """

    register: pd.DataFrame
    answers: Mapping[str, Mapping[str, Any]]
    latest: Mapping[str, int]
    history: pd.DataFrame
    ahead: Ahead


def publish_portfolio(publication: Publication) -> None:
    """Write the portfolio of a publication: everybody who is registered, with or without forecasts."""
    tables = publication.tables
    register = in_order(collect_pandas(tables.table("enterprises")))
    answers = {row[ENTERPRISE]: row for row in official_answers(publication, register)}
    recorded = latest_complete_months(tables, Scope("month"))
    latest = {name: to_index(answers[name]["window"]["end"]) for name in answers if name in recorded}
    rows, seen = _history(publication, latest)
    ahead = ahead_of(publication.begun, publication.model, answers, publication.settings.threads)
    found = Found(register, answers, latest, rows, ahead)
    targets = collect_pandas(tables.table("plan_targets"))
    facts = {
        "model_version": publication.model.version,
        "files": sorted(seen),
        "plan_targets": targets.astype(object).where(targets.notna(), "").to_dict("records"),
    }
    keep(publication.folder, found, facts)


def official_answers(publication: Publication, register: pd.DataFrame) -> list[dict[str, Any]]:
    """Everybody's official answer; none where nobody is registered."""
    return past.official(publication.tables, None, publication.as_of) if len(register) else []


def in_order(register: pd.DataFrame) -> pd.DataFrame:
    """Rows of `enterprises` as a portfolio has them: no blanks, neighbours together."""
    filled = register.fillna(dict.fromkeys(WHO, ""))
    return filled.sort_values(["region_code", ENTERPRISE], kind="stable", ignore_index=True)


def keep(folder: Path, found: Found, facts: Mapping[str, Any]) -> None:
    """Write what was found into the folder of a publication."""
    names = found.register[ENTERPRISE].astype(str).tolist()
    today = max(found.latest.values(), default=0)
    everything = pd.concat([found.history, _latest(found.answers, found.latest)], ignore_index=True)
    columns = _who(found.register) | _official(names, found.answers, found.latest)
    for basis in BASES:
        columns |= _reached(everything, basis, names) | found.ahead.columns(basis, names)
    late = np.array([today - found.latest.get(name, today) for name in names], dtype=np.int64)
    firsts: dict[Basis, Firsts] = {
        basis: in_calendar(found.ahead.first_months(basis, names), late) for basis in BASES
    }
    extent = {"today": today, "paths": found.ahead.paths, "months": found.ahead.months}
    write(folder, _table(columns), firsts, found.history, {**facts, **extent, "order": list(_order())})


def _order() -> tuple[str, ...]:
    from models.rules_numpy import ArrayRules

    return ArrayRules().book.order


def _history(publication: Publication, latest: Mapping[str, int]) -> tuple[pd.DataFrame, set[str]]:
    """History of the months before the latest; what the publication before had is only completed."""
    former, seen = _former(publication)
    ledger = visible(publication.settings)
    paths = {file.path for file in ledger.files}
    if not seen <= paths:  # a file is gone: nothing that rested on it can be told apart
        former, seen = former.iloc[:0], set()
    newer = changes(publication.settings, ledger.files, seen)
    rows = past.history(publication.tables, latest, former, newer)
    # Files that came while this was made are not in it: then nothing is kept for next time.
    told = getattr(publication.tables, "fingerprint", None)
    return rows, paths if told and told() == ledger.fingerprint else set()


def _former(publication: Publication) -> tuple[pd.DataFrame, set[str]]:
    folders = sorted(path for path in publication.folder.parent.iterdir() if (path / FACTS).exists())
    if not folders:
        return pd.DataFrame(columns=list(past.COLUMNS)), set()
    seen = set(json.loads((folders[-1] / FACTS).read_text(encoding="utf-8"))["files"])
    history = pd.read_parquet(folders[-1] / HISTORY)
    return history if seen else history.iloc[:0], seen


def _latest(answers: Mapping[str, Mapping[str, Any]], latest: Mapping[str, int]) -> pd.DataFrame:
    rows = [(name, month, *levels_of(answers[name]).values()) for name, month in latest.items()]
    return pd.DataFrame(rows, columns=list(past.COLUMNS))


def _who(register: pd.DataFrame) -> Columns:
    since = pd.to_datetime(register["standard_since"])
    months = (since.dt.year * 12 + since.dt.month - 1).fillna(0).astype(np.int32)
    return {name: register[name].astype(str).to_numpy() for name in WHO} | {"standard": months.to_numpy()}


def _official(
    names: Sequence[str], answers: Mapping[str, Mapping[str, Any]], recorded: Mapping[str, int]
) -> Columns:
    """Today's answers as columns; without any record there is none, whatever was assessed."""
    mine = [answers[name] if name in recorded else None for name in names]
    columns: Columns = {
        "end": [to_index(own["window"]["end"]) if own else 0 for own in mine],
        "status": [own["status"] if own else "" for own in mine],
        "at_most": np.array([own["at_most"] if own else 0 for own in mine], dtype=np.int8),
    }
    for basis in BASES:
        found = [levels_of(own)[basis] if own else 0 for own in mine]
        columns[f"{basis}.level"] = np.array(found, dtype=np.int8)
    for item in _order():
        columns[f"own.{item}"] = np.array([_own(own, item) for own in mine], dtype=np.int8)
        if all(item in own["indicators"] for own in mine if own):
            columns[f"value.{item}"] = np.array([_value(own, item) for own in mine], dtype=np.float64)
    return columns


def _own(answer: Mapping[str, Any] | None, item: str) -> int:
    if answer is None:
        return 0
    if item in answer["indicators"]:
        return int(answer["indicators"][item]["level"] or 0)
    level: int = answer["items"].get(item, 0)
    return level


def _value(answer: Mapping[str, Any] | None, indicator: str) -> float:
    value = answer["indicators"][indicator]["value"] if answer else None
    return float("nan") if value is None else float(value)


def _reached(rows: pd.DataFrame, basis: Basis, names: Sequence[str]) -> Columns:
    found = past.reached(rows, basis, names)
    firsts = {f"{basis}.first.{level}": found.first[:, i] for i, level in enumerate(LEVELS[1:])}
    return {f"{basis}.since": found.since} | firsts


def _table(columns: Columns) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(values) for name, values in columns.items()})
