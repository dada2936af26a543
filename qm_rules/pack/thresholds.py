"""Reads `thresholds.yaml`: the levels, and each indicator's bounds as the document prints them."""

from __future__ import annotations

from decimal import Decimal

from qm_rules.exact import is_decimal
from qm_rules.faults import PackError
from qm_rules.pack.contents import Bound, IndicatorRule, Level
from qm_rules.pack.yaml_files import only_keys

FILE = "thresholds.yaml"
UNITS = {"ppm": Decimal(1), "1": Decimal(1), "percent": Decimal("0.01")}
OPERATORS = (">=", "<=", "<")
INDICATORS = {
    "sigma": ("<=",) * 4,
    "cpk": (">=",) * 4,
    "ftq": (">=",) * 4,
    "internal_loss": (">=", "<", "<", "<"),
    "external_loss": (">=", "<", "<", "<"),
}
"""The indicators that the code knows how to work out. Which side of a bound is better, it knows too: by
`<=` or `<` (but for the printed level 2 of a loss) less is better, by `>=` more.
"""
BOUNDED = [2, 3, 4, 5]


def read_judged(judged: object) -> tuple[tuple[Level, ...], dict[str, IndicatorRule]]:
    """Return the levels and the indicators; raises PackError with file, key and what is allowed."""
    keys = only_keys(judged, FILE, {"levels", "indicators"})
    levels = tuple(
        Level(**only_keys(level, f"{FILE}, levels", {"level", "id", "name"})) for level in keys["levels"]
    )
    if [level.level for level in levels] != [1, *BOUNDED]:
        raise PackError(f"{FILE}, levels: found {[one.level for one in levels]}; allowed: [1, 2, 3, 4, 5]")
    rules = only_keys(keys["indicators"], f"{FILE}, indicators", set(INDICATORS))
    if list(rules) != list(INDICATORS):
        raise PackError(
            f"{FILE}, indicators: found {list(rules)}; allowed: {list(INDICATORS)}, in this order"
        )
    return levels, {name: _indicator(name, rule) for name, rule in rules.items()}


def _indicator(name: str, rule: object) -> IndicatorRule:
    where = f"{FILE}, {name}"
    keys = only_keys(rule, where, {"name", "unit", "clause", "quote", "level_1", "bounds"})
    if keys["unit"] not in UNITS:
        raise PackError(f"{where}: found the unit {keys['unit']!r}; allowed: {', '.join(UNITS)}")
    bounds = tuple(_bound(bound, where, keys["unit"]) for bound in keys["bounds"])
    _check_bounds(bounds, where, INDICATORS[name])
    return IndicatorRule(
        id=name,
        name=keys["name"],
        unit=keys["unit"],
        clause=keys["clause"],
        quote=keys["quote"],
        level_1=only_keys(keys["level_1"], f"{where}, level_1", {"clause", "quote"}),
        bounds=bounds,
    )


def _check_bounds(bounds: tuple[Bound, ...], where: str, operators: tuple[str, ...]) -> None:
    """Levels 2 to 5, each asking at least as much as the one below."""
    if [bound.level for bound in bounds] != BOUNDED:
        raise PackError(f"{where}: found bounds of {[bound.level for bound in bounds]}; allowed: {BOUNDED}")
    for bound, operator in zip(bounds, operators, strict=True):
        if (bound.operator in ("<", "<=")) is not (operator in ("<", "<=")):
            raise PackError(
                f"{where}, level {bound.level}: found {bound.operator!r}; allowed: the side of {operator!r}"
            )
    if operators[0] != operators[1] and bounds[0].value != bounds[1].value:
        found = f"{bounds[0].value} and {bounds[1].value}"
        raise PackError(f"{where}: found {found} at levels 2 and 3; allowed: the same, on either side")
    climbing = bounds if operators[0] == operators[1] else bounds[1:]
    values = [bound.value if bound.operator == ">=" else -bound.value for bound in climbing]
    if values != sorted(values):
        shown = ", ".join(str(bound.value) for bound in climbing)
        raise PackError(f"{where}: found the bounds {shown}; allowed: stricter from level to level")


def _bound(bound: object, where: str, unit: str) -> Bound:
    keys = only_keys(bound, where, {"level", "operator", "value", "clause", "quote"}, {"formula"})
    if keys["operator"] not in OPERATORS:
        raise PackError(f"{where}: found the operator {keys['operator']!r}; allowed: {', '.join(OPERATORS)}")
    return Bound(
        level=keys["level"],
        operator=keys["operator"],
        value=_decimal(keys["value"], where) * UNITS[unit],
        formula=_decimal(keys["formula"], where) if "formula" in keys else None,
        clause=keys["clause"],
        quote=keys["quote"],
    )


def _decimal(text: object, where: str) -> Decimal:
    if not isinstance(text, str) or is_decimal(text) is None:
        raise PackError(f"{where}: found {text!r}; allowed: a decimal in quotes, as printed")
    return Decimal(text)
