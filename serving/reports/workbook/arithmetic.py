"""The workbook's arithmetic once more in Python: the results that are stored beside the formulas.

A spreadsheet counts in doubles, the rules in exact numbers. So a value a/b is compared with a threshold N/D
without dividing, a·D against N·b, and the comparison is
- `EXACT` where all four are whole and both products below 10^14: a spreadsheet makes no error then;
- `CLOSE` where they are not and both sides agree to eleven digits: taken as equal, and marked, because only
  exact arithmetic can tell;
- `ROUNDED` everywhere else: an error of some 10^-14 cannot reach the threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import gcd, inf, prod
from typing import Any, NamedTuple

from qm_rules.pack import Bound, IndicatorRule
from serving.reports.workbook.captions import CLOSE, EXACT, ROUNDED, both
from serving.reports.workbook.values import is_kept, safe_text

Row = Mapping[str, Any]

LIMIT = 1e14
"""Below it whole numbers, and differences of them, are exact in every spreadsheet."""

NEAR = 1e-11
"""Relative distance from a threshold up to which rounding might decide."""

OVERFLOW = 1e300
"""Stands for a product that no spreadsheet can hold."""

DECIMALS = 4
"""Decimals of a printed threshold that are made whole (the document prints at most two)."""

CPK_DECIMALS = 6
"""Decimals of a Cpk that are made whole: as many as the rules keep of one that they compute."""

MILLION, HUNDRED = 10**6, 100
PARTS = {"ppm": MILLION, "1": 1, "percent": HUNDRED}
"""How many of a unit make one."""


class Threshold(NamedTuple):
    """A bound as the workbook uses it: numerator over denominator, as a fraction of one."""

    level: int
    operator: str
    numerator: float
    denominator: float


class Judged(NamedTuple):
    """One comparison: left = a·D, right = N·b, how sure it is, their difference, and whether it is met."""

    left: float
    right: float
    arithmetic: str
    difference: float
    met: bool


class Ratio(NamedTuple):
    """A value as numerator and denominator; `whole` says that both are whole and nothing was rounded."""

    numerator: float
    denominator: float
    whole: bool

    @property
    def value(self) -> float:
        """The quotient."""
        return self.numerator / self.denominator


class Stage(NamedTuple):
    """What stands beside one row of first passes; pooled counts only on the first row of each stage."""

    number: int
    head: int
    submitted: float | None
    passed: float | None
    rate: float | None
    passed_reduced: float | None
    submitted_reduced: float | None


class Product(NamedTuple):
    """One product's chain of stages, found at the row `number` (from 1) of the first passes."""

    number: int
    product_id: str
    seq: float
    started: float
    stages: int
    rate: float
    passed: float
    submitted: float


def printed(bound: Bound, unit: str) -> Decimal:
    """Return the bound in the unit in which the document prints it."""
    return bound.value if unit == "ppm" else bound.value * PARTS[unit]


def thresholds(rule: IndicatorRule, sigma_method: str) -> dict[int, Threshold]:
    """Return the bounds of levels 2 to 5 as fractions of one, printed ones in lowest terms."""
    return {bound.level: _threshold(bound, rule.unit, sigma_method) for bound in rule.bounds}


def _threshold(bound: Bound, unit: str, sigma_method: str) -> Threshold:
    if sigma_method == "formula" and bound.formula is not None:
        return Threshold(bound.level, bound.operator, float(bound.formula), MILLION)
    whole = int(printed(bound, unit) * 10**DECIMALS)
    parts = PARTS[unit] * 10**DECIMALS
    common = gcd(whole, parts)
    return Threshold(bound.level, bound.operator, whole // common, parts // common)


def judged(ratio: Ratio, asked: Threshold) -> Judged:
    """Compare a value with a threshold as the workbook does."""
    left, right = ratio.numerator * asked.denominator, asked.numerator * ratio.denominator
    is_exact = ratio.whole and asked.numerator % 1 == 0 and max(abs(left), abs(right)) < LIMIT
    is_close = not is_exact and abs(left - right) <= NEAR * abs(right)
    difference = 0.0 if is_close else left - right
    met = {">=": difference >= 0, "<=": difference <= 0, "<": difference < 0}[asked.operator]
    return Judged(left, right, both(EXACT if is_exact else CLOSE if is_close else ROUNDED), difference, met)


def climbed(met: Sequence[bool]) -> int:
    """Return the level that is reached: levels 2, 3, … as long as each is met."""
    return 1 + next((step for step, is_met in enumerate(met) if not is_met), len(met))


def delivered(rows: Sequence[Row]) -> Ratio:
    """Return nonconforming units over units delivered."""
    counts = [row[name] for row in rows for name in ("units", "nonconforming")]
    units, nonconforming = (sum(row[name] for row in rows) for name in ("units", "nonconforming"))
    return Ratio(float(nonconforming), float(units), all(map(is_kept, counts)))


def lowest(values: Sequence[str], *, kept: bool) -> Ratio:
    """Return the lowest Cpk, in millionths where it has at most six decimals."""
    value = min(map(float, values))
    if round(value, CPK_DECIMALS) == value:
        return Ratio(float(round(value * MILLION)), MILLION, kept)
    return Ratio(value, 1.0, whole=False)


def lost(amounts: Iterable[str], output_value: str) -> Ratio:
    """Return losses over output value, in hundredths of the currency where no amount is finer."""
    texts = [*amounts]
    total, made = sum(map(float, texts)), float(output_value)
    if any(is_finer(text) for text in (*texts, output_value)):
        return Ratio(total, made, whole=False)
    kept = all(map(is_kept, (*texts, output_value)))
    return Ratio(float(round(total * HUNDRED)), float(round(made * HUNDRED)), kept)


def is_finer(amount: str) -> bool:
    """Say whether an amount has more than two decimals that a spreadsheet can see."""
    return round(float(amount), 2) != float(amount)


def stages_of(rows: Sequence[Row]) -> list[Stage]:
    """Return what stands beside each row of first passes."""
    numbers: dict[str, int] = {}
    pooled: dict[tuple[int, float], list[float]] = {}
    keys: list[tuple[int, float]] = []
    heads: list[bool] = []
    for position, row in enumerate(rows, 1):
        number = numbers.setdefault(safe_text(row["product_id"]), position)
        keys.append((number, float(row["seq"])))
        heads.append(keys[-1] not in pooled)
        counts = pooled.setdefault(keys[-1], [0.0, 0.0])
        counts[0] += row["submitted"]
        counts[1] += row["passed_first"]
    return [_stage(key, is_head, *pooled[key]) for key, is_head in zip(keys, heads, strict=True)]


def _stage(key: tuple[int, float], is_head: bool, submitted: float, passed: float) -> Stage:
    if not is_head:
        return Stage(key[0], 0, None, None, None, None, None)
    common = gcd(int(submitted), int(passed))
    return Stage(key[0], 1, submitted, passed, passed / submitted, passed / common, submitted / common)


def products_of(rows: Sequence[Row], stages: Sequence[Stage]) -> list[Product]:
    """Return each product with its chain, in the order in which the products first appear."""
    chains: dict[int, list[tuple[float, Stage]]] = {}
    for row, stage in zip(rows, stages, strict=True):
        if stage.head:
            chains.setdefault(stage.number, []).append((float(row["seq"]), stage))
    return [_product(number, rows[number - 1]["product_id"], chain) for number, chain in chains.items()]


def _product(number: int, product_id: str, chain: Sequence[tuple[float, Stage]]) -> Product:
    seq, first = min(chain, key=lambda pair: pair[0])
    return Product(
        number=number,
        product_id=product_id,
        seq=seq,
        started=first.submitted or 0.0,
        stages=len(chain),
        rate=prod(stage.rate or 0.0 for _, stage in chain),
        passed=_held(prod(stage.passed_reduced or 0.0 for _, stage in chain)),
        submitted=_held(prod(stage.submitted_reduced or 0.0 for _, stage in chain)),
    )


def first_passed(products: Sequence[Product], *, kept: bool) -> Ratio:
    """Return the mean yield, as a ratio of whole numbers where one product's chain is short enough."""
    only = products[0]
    if len(products) == 1 and only.submitted < LIMIT:
        return Ratio(only.passed, only.submitted, kept)
    started = sum(product.started for product in products)
    weighted = sum(product.started * product.rate for product in products)
    return Ratio(weighted / started, 1.0, whole=False)


def _held(value: float) -> float:
    return OVERFLOW if value == inf else value
