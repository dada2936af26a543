"""What the next level of an indicator needs (`qm_rules.shortfall`), numbers by the reader's habits."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from qm_rules import Grade, Policy, grade, parse_evidence
from qm_rules.shortfall import Part, Shortfall, shortfall
from qm_rules.trace.phrases import CATEGORIES
from serving.web.language import Language
from serving.web.scales import INDICATORS, LEVELS
from serving.web.views.words import Row, level_name

PLACES = 3
"""So many places are named under a gap: products, processes, characteristics, categories of cost."""

LONGEST = 40

PART_OF_YEAR = {"missing_months", "short_window"}
"""Notes that make an amount of money one of the window, not of a year."""


class GapText(NamedTuple):
    """A gap in a few words, what it means, and where it is."""

    gap: str
    worth: str = ""
    places: tuple[str, ...] = ()


def nearest_shortfalls(answer: Row, evidence: Row) -> dict[str, Shortfall]:
    """Return for each indicator what its nearest higher level needs, where it is known to lack anything."""
    again = _graded(answer, evidence)
    nearest = {gap.indicator: gap for gap in reversed(again.gaps) if gap.indicator in INDICATORS}
    return {name: shortfall(again, gap) for name, gap in nearest.items()}


def gap_text(t: Language, answer: Row, indicator: str, lacking: Shortfall | None) -> GapText:
    """Return what is needed in the unit that people act on."""
    found = answer["indicators"][indicator]
    if found["status"] == "not_supplied":
        return GapText(t("indicators.gap.supply"))
    if lacking is None:
        return GapText(t("indicators.gap.none" if found["level"] == LEVELS[-1] else "none.dash"))
    codes = {note["code"] for note in answer["notes"] if note["indicator"] in (indicator, None)}
    return _lacking_text(t, lacking, codes)


def _lacking_text(t: Language, lacking: Shortfall, codes: set[str]) -> GapText:
    if lacking.kind == "units":
        return _units(t, lacking)
    if lacking.kind == "characteristics":
        return _characteristics(t, lacking)
    if lacking.kind == "processes":
        return _processes(t, lacking)
    if lacking.kind == "money":
        return _money(t, lacking, is_year=not codes & PART_OF_YEAR)
    first_step = "indicators.gap.track" if lacking.kind == "track" else _first_step(codes)
    return GapText(t(first_step), "", first(t, [said(t, part) for part in lacking.parts]))


def _first_step(codes: set[str]) -> str:
    return "indicators.gap.stable" if "unstable" in codes else "shortfall.measure"


def _units(t: Language, lacking: Shortfall) -> GapText:
    has = sum(int(part.has) for part in lacking.parts)
    fewer = int(lacking.amount or 0)
    named = lacking.parts if len(lacking.parts) > 1 else ()
    places = [t("shortfall.product", id=short(part.id), count=t.number(int(part.has))) for part in named]
    worth = t("shortfall.units.from", has=t.number(has), most=t.number(has - fewer))
    return GapText(t("shortfall.units", count=t.number(fewer)), worth, first(t, places))


def _characteristics(t: Language, lacking: Shortfall) -> GapText:
    places = [
        t("shortfall.raise", id=short(part.id), has=cpk_text(t, part.has), needs=cpk_text(t, part.needs))
        for part in lacking.parts
    ]
    if len(places) == 1:
        return GapText(places[0])
    return GapText(t("shortfall.characteristics", count=t.number(len(places))), "", first(t, places))


def _processes(t: Language, lacking: Shortfall) -> GapText:
    is_least = lacking.least == lacking.amount
    return GapText(
        t("shortfall.processes", count=t.number(int(lacking.amount or 0))),
        t("shortfall.cheapest" if is_least else "shortfall.nearly_cheapest"),
        first(t, [_process(t, part) for part in lacking.parts]),
    )


def _process(t: Language, part: Part) -> str:
    points = (Decimal(part.needs) - Decimal(part.has)) * 100
    digits = max(2, 1 - points.adjusted())
    return t(
        "shortfall.process",
        product=short(part.within or ""),
        id=short(part.id),
        has=t.percent(Decimal(part.has), digits),
        needs=t.percent(Decimal(part.needs), digits),
        points=t("unit.points", value=t.number(points, digits)),
        count=t.number(int(part.change)),
    )


def _money(t: Language, lacking: Shortfall, *, is_year: bool) -> GapText:
    if lacking.amount is None:
        return GapText(t("none.dash"), t("shortfall.hole", level=level_name(t, lacking.to_level)))
    places = [
        t("shortfall.category", name=_category(t, part.id), amount=cents(t, part.has))
        for part in lacking.parts
    ]
    key = "shortfall.money" if is_year else "shortfall.money.window"
    return GapText(t(key, amount=cents(t, lacking.amount)), t("shortfall.biggest"), first(t, places))


def _graded(answer: Row, evidence: Row) -> Grade:
    """Return the grade itself, of which a page only has the answer."""
    return grade(parse_evidence(dict(evidence)), policy=Policy(**answer["policy"]))


def first(t: Language, places: list[str]) -> tuple[str, ...]:
    """Return the first places, and how many more there are."""
    rest = len(places) - PLACES
    return (*places[:PLACES], *([t("shortfall.more", count=t.number(rest))] if rest > 0 else []))


def said(t: Language, part: Part) -> str:
    """Return the sentence of a part in the reader's language."""
    return part.sentence.zh if t.code == "zh" else part.sentence.en


def cpk_text(t: Language, text: str) -> str:
    """Return a Cpk with two decimals, or as many as it has: a gap is never rounded away."""
    value = Decimal(text)
    return t.number(value, max(2, -int(value.as_tuple().exponent)))


def cents(t: Language, text: str) -> str:
    """Return money to the cent, or with all its decimals if it has more."""
    value = Decimal(text)
    return t("money.plain", amount=t.number(value, max(2, -int(value.as_tuple().exponent))))


def short(name: str) -> str:
    """Return an id as it can stand in a line."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _category(t: Language, name: str) -> str:
    words = CATEGORIES[name]
    return words.zh if t.code == "zh" else words.en
