"""过程能力指数 written out: the lowest Cpk of the key characteristics, and why one does not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qm_rules.exact import twelve_digits
from qm_rules.json_types import Json
from qm_rules.trace import phrases
from qm_rules.trace.numbers import LISTED, decimal_text, whole
from qm_rules.trace.parts import Input
from qm_rules.words import Words, label, listed, same, sentences

Rows = Sequence[Mapping[str, Json]]
FIELDS = ("cpk", "n", "stable", "key")

_OF = Words("{id} · {what}", "{id} · {what}")
_MORE = Words("其余参与评价的特性数(Cpk 均不低于所列)", "more graded characteristics (none with a lower Cpk)")
_ASIDE = Words("未标记为关键、不参与评价的特性数", "characteristics not marked key, which do not count")
_KEY = Words("关键特性 {n} 个", "Key characteristics: {n}")
_ALL = Words(
    "未标记关键特性,全部 {n} 个特性参与评价", "None is marked key, so all characteristics count: {n}"
)
_LOWEST = Words("{which},取最低值:{least} [{id}]。", "{which}; the lowest counts: {least} [{id}].")
_LACKING = Words("{which};没有 Cpk 的:{ids}。", "{which}; without a Cpk: {ids}.")
_NONE = Words("证据中没有任何特性。", "The evidence names no characteristic.")
_UNSTABLE = Words("过程不稳定的:{ids}。", "Not stable: {ids}.")
_FEW = Words("n 小于 {least} 的:{ids}。", "n below {least}: {ids}.")
_OTHERS = Words("等 {n} 个", "{n} in all")


def graded_rows(rows: Rows) -> list[Mapping[str, Json]]:
    """Return the rows that count, those without a Cpk first, then the lowest first."""
    graded = [row for row in rows if row.get("key")] or list(rows)
    return sorted(graded, key=_rank)


def inputs(rows: Rows) -> tuple[Input, ...]:
    """Return the fields of the graded rows as the evidence has them, and how many more there are."""
    graded = graded_rows(rows)
    found = [
        Input(_OF.fill(id=label(row["characteristic_id"]), what=phrases.CAPABILITY[key]), _json(row[key]))
        for row in graded[:LISTED]
        for key in FIELDS
        if key in row
    ]
    for name, count in ((_MORE, len(graded) - LISTED), (_ASIDE, len(rows) - len(graded))):
        found += [Input(name, str(count))] if count > 0 else []
    return tuple(found)


def working(rows: Rows, min_values: int) -> Words:
    """Return which Cpk is the lowest, or which ones are lacking, and which are inadmissible."""
    graded = graded_rows(rows)
    if not graded:
        return _NONE
    which = (_KEY if graded[0].get("key") else _ALL).fill(n=whole(len(graded)))
    lacking = [row for row in graded if row["cpk"] is None]
    if lacking:
        return _LACKING.fill(which=which, ids=_ids(lacking))
    lowest = _LOWEST.fill(which=which, least=_least(graded), id=label(graded[0]["characteristic_id"]))
    return sentences((lowest, *faults_of(graded, min_values)))


def faults_of(graded: Rows, min_values: int) -> list[Words]:
    """Return what makes the Cpk of graded rows inadmissible, with the characteristics named."""
    unstable = [row for row in graded if row["stable"] is False]
    few = [row for row in graded if row["n"] < min_values]
    found = [_UNSTABLE.fill(ids=_ids(unstable))] if unstable else []
    return found + ([_FEW.fill(least=min_values, ids=_ids(few))] if few else [])


def _least(graded: Rows) -> Words:
    values = [str(row["cpk"]) for row in graded]
    lowest = Decimal(values[0])
    shown = twelve_digits(*lowest.as_integer_ratio())
    result = f" = {decimal_text(lowest)}" + ("" if Decimal(shown) == lowest else f" ≈ {shown}")
    terms, rest = ", ".join(values[:LISTED]), len(values) - LISTED
    if rest <= 0:
        return same(f"min({terms}){result}")
    more = f"{terms}, {values[LISTED]}"
    return Words(
        f"min({more} [其余 {whole(rest)} 个之最低]){result}",
        f"min({more} [the lowest of {whole(rest)} more]){result}",
    )


def _ids(rows: Rows) -> Words:
    names = [same(label(row["characteristic_id"])) for row in rows[:LISTED]]
    return listed([*names, _OTHERS.fill(n=whole(len(rows)))]) if len(rows) > LISTED else listed(names)


def _rank(row: Mapping[str, Json]) -> tuple[bool, Decimal, str]:
    cpk = row["cpk"]
    return cpk is not None, Decimal(cpk or 0), str(row["characteristic_id"])


def _json(value: Json) -> str:
    """Return a value as the evidence file writes it, texts without their quotes."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
