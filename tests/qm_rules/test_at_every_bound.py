"""Every bound under every reading: exactly at it, and less than the smallest visible step on either side."""

import json
from fractions import Fraction

import pytest

from qm_rules import Policy, grade, load_pack, parse_evidence
from qm_rules.pack.loading import edition_ids
from tests.qm_rules.evidences import capable, delivered, excellent, first_passed, lost

WHOLE = 10**60
"""Units, submissions or output: far more digits than a binary float or the twelve that are shown."""

LOSSES = ("internal_loss", "external_loss")


def text(value: Fraction) -> str:
    """Write a non-negative fraction with a denominator that divides 10^90 as a decimal."""
    digits = value * 10**90
    assert digits.denominator == 1
    whole, rest = divmod(digits.numerator, 10**90)
    return f"{whole}.{rest:090d}"


def evidence(indicator: str, value: Fraction) -> dict:
    if indicator == "sigma":
        count = value * WHOLE / 10**6
        assert count.denominator == 1
        return excellent(deliveries=delivered(count.numerator, WHOLE))
    if indicator == "ftq":
        return excellent(first_pass=first_passed((value * WHOLE).numerator, WHOLE))
    if indicator == "cpk":
        return excellent(capability=[capable(text(value))])
    family = {indicator.removesuffix("_loss"): text(value * 10**9)}
    return excellent(losses=lost(**family), output_value=str(10**9))


STEPS = {
    "sigma": Fraction(10**6, WHOLE),
    "ftq": Fraction(1, WHOLE),
    "cpk": Fraction(1, 10**90),
    "internal_loss": Fraction(1, 10**90) / 10**9,
    "external_loss": Fraction(1, 10**90) / 10**9,
}
HOLDS = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    "<": lambda value, bound: value < bound,
}


def level_by_hand(indicator: str, value: Fraction, bounds: list) -> int:
    """The highest level whose bound holds; for a loss that is tracked the printed level 2 always does."""
    tracked = [(2, ">=", 0), *bounds[1:]] if indicator in LOSSES else bounds
    return max([1, *(level for level, sign, bound in tracked if HOLDS[sign](value, Fraction(bound)))])


def cases():
    for edition in edition_ids():
        pack = load_pack(edition)
        for policy in Policy().readings(pack.policies):
            method = policy.resolved(pack.policies)["sigma_method"]
            for indicator, bounds in pack.thresholds_for(method).items():
                for level, _, _ in bounds:
                    yield pytest.param(pack, policy, indicator, level, id=f"{indicator}-{level}-{policy}")


@pytest.mark.parametrize(("pack", "policy", "indicator", "level"), list(cases()))
def test_at_just_below_and_just_above(pack, policy, indicator, level):
    rules = policy.resolved(pack.policies)
    bounds = list(pack.thresholds_for(rules["sigma_method"])[indicator])
    bound = Fraction(next(bound for at, _, bound in bounds if at == level))
    for step in (-1, 0, 1):
        value = bound + step * STEPS[indicator]
        result = grade(parse_evidence(json.dumps(evidence(indicator, value))), pack=pack, policy=policy)
        found = result.indicators[indicator]
        assert Fraction(found.exact) == value
        assert found.level == level_by_hand(indicator, value, bounds), (step, found.value)
        if rules["aggregation"] in ("lowest", "performance_only"):  # all else is excellent
            hole = rules["level2_loss"] == "literal" and found.level == 2  # no loss at all is not "at least"
            assert result.level == (1 if hole else found.level)
