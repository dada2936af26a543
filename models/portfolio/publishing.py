"""Making a portfolio of a publication: official answers, their history, and the paths of the months ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from models.portfolio.kept import FACTS, HISTORY, WHO, write
from models.portfolio.ledger_changes import changes, visible_files
from models.portfolio.paths import Ahead, ahead_of
from models.portfolio.planes import Bits, pack
from models.results import LEVELS

if TYPE_CHECKING:
    import pyarrow as pa

    from models.outlook import Publication

Columns = dict[str, Any]


def publish_portfolio(publication: Publication) -> None:
    """Write the portfolio of a publication: everybody who is registered, with or without forecasts."""
    tables = publication.tables
    register = collect_pandas(tables.table("enterprises")).fillna(dict.fromkeys(WHO, ""))
    register = register.sort_values(["region_code", ENTERPRISE], kind="stable", ignore_index=True)
    names = register[ENTERPRISE].astype(str).tolist()
    answers = (
        {row[ENTERPRISE]: row for row in past.official(tables, None, publication.as_of)} if names else {}
    )
    recorded = latest_complete_months(tables, Scope("month"))
    latest = {name: to_index(answers[name]["window"]["end"]) for name in names if name in recorded}
    rows, seen = _history(publication, latest)
    everything = pd.concat([rows, _latest(answers, latest)], ignore_index=True)
    ahead = ahead_of(publication.begun, publication.model, answers)
    today = max(latest.values(), default=0)
    columns = _who(register) | _official(names, answers, recorded)
    for basis in BASES:
        columns |= _reached(everything, basis, names) | ahead.columns(basis, names)
    bits = {basis: _bits(ahead, basis, names, latest, today) for basis in BASES}
    facts = {
        "today": today,
        "order": list(_order()),
        "paths": ahead.paths,
        "model_version": publication.model.version,
        "files": sorted(seen),
        "plan_targets": collect_pandas(tables.table("plan_targets")).fillna("").to_dict("records"),
    }
    write(publication.folder, _table(columns), bits, rows, facts)


def _order() -> tuple[str, ...]:
    from models.rules_numpy import ArrayRules

    return ArrayRules().book.order


def _history(publication: Publication, latest: Mapping[str, int]) -> tuple[pd.DataFrame, set[str]]:
    """History of the months before the latest; what the publication before had is only completed."""
    former, seen = _former(publication)
    files = visible_files(publication.settings)
    paths = {file.path for file in files}
    if not seen <= paths:  # a file is gone: nothing that rested on it can be told apart
        former, seen = former.iloc[:0], set()
    return past.history(publication.tables, latest, former, changes(publication.settings, files, seen)), paths


def _former(publication: Publication) -> tuple[pd.DataFrame, set[str]]:
    import json

    folders = sorted(path for path in publication.folder.parent.iterdir() if (path / FACTS).exists())
    if not folders:
        return pd.DataFrame(columns=list(past.COLUMNS)), set()
    facts = json.loads((folders[-1] / FACTS).read_text(encoding="utf-8"))
    return pd.read_parquet(folders[-1] / HISTORY), set(facts["files"])


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


def _bits(ahead: Ahead, basis: Basis, names: Sequence[str], latest: Mapping[str, int], today: int) -> Bits:
    first = ahead.first_months(basis, names)
    late = np.array([today - latest.get(name, today) for name in names], dtype=np.int64)
    return pack(first, late)


def _table(columns: Columns) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(values) for name, values in columns.items()})
