"""过程能力指数: every graded characteristic that stands in the way, not just the lowest.

Cpk is the distance from the mean to the nearer limit ÷ 3σ within. At the present centring a Cpk that must
grow from `has` to `needs` asks the spread within to shrink to has/needs of what it is; a Cpk of 0 or less
has its mean on or beyond a limit, where no spread is small enough: it must be centred first (ISO 22514-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from qm_rules.json_types import Json
from qm_rules.shortfall.figures import Lack, percent, plain
from qm_rules.shortfall.parts import Part, Shortfall
from qm_rules.trace.characteristics import graded_rows
from qm_rules.trace.numbers import LISTED, whole
from qm_rules.words import Words, label, listed, same, sentences

UNTRACKED = "–"
KINDS = {"measured": "characteristics", "inadmissible": "stabilise", "not_tracked": "track"}

_SENTENCES = {
    "measured": Words(
        "参与评价的 {all} 个特性中 {n} 个的 Cpk 低于 {needs},须全部提高:{ids}。",
        "Graded characteristics below a Cpk of {needs}: {n} of {all}, and all of them must rise: {ids}.",
    ),
    "inadmissible": Words(
        "参与评价的 {all} 个特性中 {n} 个须改进,Cpk 才予采信并达到 {needs}:{ids}。",
        "Graded characteristics that must change before the Cpk counts and reaches {needs}: "
        "{n} of {all}: {ids}.",
    ),
    "not_tracked": Words(
        "先统计过程能力指数(“{quote}”,{clause});参与评价的 {all} 个特性中 {n} 个须改进:{ids}。",
        "Start to track the process capability index (“{quote}”, {clause}); "
        "graded characteristics that must change: {n} of {all}: {ids}.",
    ),
}
_NONE = Words(
    "先统计过程能力指数(“{quote}”,{clause}):关键特性的 Cpk 须 ≥ {needs},过程稳定,测量值不少于 {least} 个。",
    "Start to track the process capability index (“{quote}”, {clause}): of key characteristics, a Cpk "
    "of at least {needs}, from a stable process and at least {least} values.",
)
_MORE = Words("等", "and others")
_HEAD = Words("特性 {id}:{what}", "Characteristic {id}: {what}")
_TRACK = Words(
    "没有 Cpk,先统计:须 ≥ {needs},过程稳定,测量值不少于 {least} 个。",
    "No Cpk yet, start to track it: at least {needs}, from a stable process and at least {least} values.",
)
_UNSTABLE = Words(
    "过程不稳定,先查明并消除特殊原因。", "Not stable, find and remove the special causes first."
)
_FEW = Words("只有 {n} 个测量值,还需 {more} 个。", "Only {n} values, {more} more are needed.")
_SPREAD = Words(
    "Cpk {has},须 ≥ {needs};居中情况不变时,组内标准差须缩小到现在的 {factor} 以内。",
    "Cpk {has}, at least {needs} needed; at the present centring "
    "the standard deviation within must shrink to {factor} of what it is.",
)
_CENTRE = Words(
    "Cpk {has},须 ≥ {needs};均值已在规范限上或规范限外,须先调整居中。",
    "Cpk {has}, at least {needs} needed; the mean is on or beyond a specification limit: centre it first.",
)


def worst_characteristics(lack: Lack) -> Shortfall:
    """Return what each graded characteristic needs; those without a Cpk first, then the lowest first."""
    rows = lack.grade.evidence.document["capability"]
    graded = graded_rows(rows)
    found = [part for row in graded if (part := _part(lack, row)) is not None]
    status = lack.grade.indicators["cpk"].status
    ids = [_named(part) for part in found[:LISTED]] + [_MORE] * (len(found) > LISTED)
    said = (_SENTENCES[status] if found else _NONE).fill(
        all=whole(len(graded)),
        n=whole(len(found)),
        needs=lack.gap.needs,
        ids=listed(ids),
        least=lack.grade.book.min_values,
        quote=lack.quote,
        clause=lack.clause,
    )
    amount = str(len(found)) if found else None
    unit = "characteristics" if found else None
    return Shortfall(lack.gap.to_level, "cpk", KINDS[status], said, amount, unit, tuple(found))


def _named(part: Part) -> Words:
    return same(f"{label(part.id)} ({part.has})" if part.has != UNTRACKED else label(part.id))


def _part(lack: Lack, row: Mapping[str, Json]) -> Part | None:
    """Return what a characteristic needs, None if it is in nobody's way."""
    name, needs, least = row["characteristic_id"], plain(lack.bound), lack.grade.book.min_values
    if row["cpk"] is None:
        said = _TRACK.fill(needs=needs, least=least)
        return Part(name, UNTRACKED, needs, UNTRACKED, _HEAD.fill(id=label(name), what=said))
    has = Decimal(row["cpk"])
    faults = [] if row["stable"] else [_UNSTABLE]
    faults += [_FEW.fill(n=row["n"], more=least - row["n"])] if row["n"] < least else []
    lacking = lack.bound - Fraction(has)
    faults += [_spread(has, lack.bound)] if lacking > 0 else []
    if not faults:
        return None
    said = _HEAD.fill(id=label(name), what=sentences(faults))
    return Part(name, row["cpk"], needs, plain(max(lacking, Fraction(0))), said)


def _spread(has: Decimal, needs: Fraction) -> Words:
    text = _SPREAD if has > 0 else _CENTRE
    factor = percent(Fraction(has) / needs, 1, up=False)
    return text.fill(has=f"{has:f}", needs=plain(needs), factor=factor)
