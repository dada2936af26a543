"""Every result that the workbook shows, as a spreadsheet will compute it from the evidence as issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from qm_rules import Grade
from qm_rules.rulebook import LOSSES
from serving.reports.workbook import arithmetic
from serving.reports.workbook.arithmetic import LIMIT, MILLION, Judged, Product, Ratio, Stage
from serving.reports.workbook.captions import CLOSE, SEE_CHECK, both
from serving.reports.workbook.values import is_kept

TRACKED = Judged(0.0, 0.0, "", 0.0, met=True)
"""Level 2 of a loss rate: whoever knows the rate is there."""

Parts = Mapping[str, float | None]


class Figure(NamedTuple):
    """One indicator: its intermediate results (`parts`), value, comparisons and level."""

    name: str
    status: str
    parts: Parts
    ratio: Ratio | None
    rounded: int
    judged: Mapping[int, Judged | None]
    level: int | None
    exact: str | None

    def cell(self, part: str) -> str:
        """Return the name, in the workbook, of one of the indicator's cells, e.g. `ZY_SIGMA_LEVEL`."""
        return cell_name(self.name, part)

    @property
    def close(self) -> int:
        """How many comparisons only exact arithmetic can decide."""
        return sum(found is not None and found.arithmetic == both(CLOSE) for found in self.judged.values())

    @property
    def shown_exact(self) -> str | None:
        """The exact fraction where the workbook can compute it, else where to look."""
        if self.ratio is None:
            return None
        scale = MILLION if self.name == "sigma" else 1
        fits = max(abs(self.ratio.numerator * scale), self.ratio.denominator) < LIMIT
        return self.exact if self.ratio.whole and fits else SEE_CHECK

    @property
    def value(self) -> float | None:
        """The value in the indicator's own unit."""
        if self.ratio is None:
            return None
        return self.ratio.value * MILLION if self.name == "sigma" else self.ratio.value


class Figures:
    """All results of one grade; levels are the workbook's own, not copied from the grade."""

    def __init__(self, grade: Grade) -> None:
        document = grade.evidence.document
        rows = document.get("first_pass", [])
        self.grade = grade
        self.stages: list[Stage] = arithmetic.stages_of(rows)
        self.products: list[Product] = arithmetic.products_of(rows, self.stages)
        found = {
            "sigma": _delivered(document.get("deliveries", [])),
            "cpk": _capable(document.get("capability", [])),
            "ftq": _first_passed(rows, self.products),
            "internal_loss": _lost(document, "internal"),
            "external_loss": _lost(document, "external"),
        }
        self._figures = {name: self._figure(name, *found[name]) for name in grade.book.ladders}
        self.levels = tuple(figure.level for figure in self._figures.values()) + tuple(grade.items.values())
        self.own = dict(zip(grade.book.order, self.levels, strict=True))
        self.possible = grade.book.dimensions(self.levels)
        self.dimensions = grade.book.known(self.levels, self.possible)
        self.at_most = grade.book.together(self.possible)
        self.level = None if None in self.levels else self.at_most

    def of(self, name: str) -> Figure:
        """Return one indicator's results."""
        return self._figures[name]

    def _figure(self, name: str, parts: Parts, ratio: Ratio | None, rounded: int) -> Figure:
        grade = self.grade
        indicator = grade.indicators[name]
        rule = grade.book.pack.indicators[name]
        ratio = ratio if indicator.exact is not None else None
        judged = {
            level: None if ratio is None else _judged(name, ratio, asked)
            for level, asked in arithmetic.thresholds(rule, grade.book.policy["sigma_method"]).items()
        }
        met = [found is not None and found.met for found in judged.values()]
        level = arithmetic.climbed(met) if indicator.status == "measured" else indicator.level
        return Figure(name, indicator.status, parts, ratio, rounded, judged, level, indicator.exact)


def cell_name(name: str, part: str) -> str:
    """Return the name of one of an indicator's cells in the workbook."""
    return f"ZY_{name.upper()}_{part}"


def _judged(name: str, ratio: Ratio, asked: arithmetic.Threshold) -> Judged:
    return TRACKED if name in LOSSES and asked.level == 2 else arithmetic.judged(ratio, asked)


def _rounded(values: Iterable[str | int | None]) -> int:
    return sum(1 for value in values if not is_kept(value))


def _delivered(rows: Sequence[Mapping[str, Any]]) -> tuple[Parts, Ratio | None, int]:
    parts = {name.upper(): float(sum(row[name] for row in rows)) for name in ("units", "nonconforming")}
    rounded = _rounded(row[name] for row in rows for name in ("units", "nonconforming"))
    return parts, arithmetic.delivered(rows) if rows else None, rounded


def _capable(rows: Sequence[Mapping[str, Any]]) -> tuple[Parts, Ratio | None, int]:
    marked = [row for row in rows if row.get("key")]
    graded = marked or rows
    known = [row for row in graded if row["cpk"] is not None]
    parts = {
        "LISTED": len(rows),
        "MARKED": len(marked),
        "GRADED": len(graded),
        "LACKING": len(graded) - len(known),
        "LOWEST": min((float(row["cpk"]) for row in known), default=None),
        "FEWEST": min((row["n"] for row in known), default=None),
        "UNSTABLE": sum(not row["stable"] for row in known),
    }
    rounded = _rounded(row["cpk"] for row in rows) + _rounded(row.get("n") for row in rows)
    ratio = arithmetic.lowest([row["cpk"] for row in known], kept=not rounded) if known else None
    return parts, ratio, rounded


def _first_passed(
    rows: Sequence[Mapping[str, Any]], products: Sequence[Product]
) -> tuple[Parts, Ratio | None, int]:
    parts = {
        "ROWS": len(rows),
        "PRODUCTS": len(products),
        "STARTED": sum(product.started for product in products),
        "WEIGHTED": sum(product.started * product.rate for product in products),
        "WORST": min((product.rate for product in products), default=None),
        "SHORT": float(len(products) == 1 and products[0].submitted < arithmetic.LIMIT),
    }
    rounded = _rounded(row[name] for row in rows for name in ("seq", "submitted", "passed_first"))
    return parts, arithmetic.first_passed(products, kept=not rounded) if rows else None, rounded


def _lost(document: Mapping[str, Any], name: str) -> tuple[Parts, Ratio | None, int]:
    amounts = [*document.get("losses", {}).get(name, {}).get("amounts", {}).values()]
    output = document.get("output_value")
    known = amounts if output is None else [*amounts, output]
    parts = {"TOTAL": sum(map(float, amounts)), "FINER": sum(map(arithmetic.is_finer, known))}
    ratio = None if output is None else arithmetic.lost(amounts, output)
    return parts, ratio, _rounded(known)
