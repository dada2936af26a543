"""At, just below and just above every threshold, from the table of cases."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from qm_rules import Policy, grade, parse_evidence
from tests.qm_rules.evidences import capable, delivered, excellent, first_passed, lost

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "thresholds.yaml").read_text(encoding="utf-8"))
TABLE = [
    pytest.param(name, case, id=f"{name}-{list(case.values())}")
    for name, cases in CASES.items()
    for case in cases
]


def document(indicator: str, case: dict[str, Any]) -> dict[str, Any]:
    if indicator == "sigma":
        return excellent(deliveries=delivered(case["nonconforming"], case["units"]))
    if indicator == "cpk":
        return excellent(capability=[capable(case["cpk"])])
    if indicator == "ftq":
        return excellent(first_pass=first_passed(case["passed"], case["submitted"]))
    return excellent(losses=lost(**{indicator.removesuffix("_loss"): case["amount"]}))


@pytest.mark.parametrize(("indicator", "case"), TABLE)
def test_level_of_one_indicator(indicator, case):
    result = grade(parse_evidence(document(indicator, case)), policy=Policy(**case.get("policy", {})))
    assert result.indicators[indicator].level == case["level"], case.get("wrong")
    assert result.level == case["level"]  # all else is excellent, so this indicator alone decides
    assert result.dimensions == {"performance": case["level"], "system": 5, "digital": 5, "sustained": 5}
    others = [gap.indicator for gap in result.gaps if gap.indicator != indicator]
    assert others == []
    assert [gap.to_level for gap in result.gaps] == list(range(case["level"] + 1, 6))


@pytest.mark.parametrize("item", excellent()["management"])
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_level_of_one_item(item, level):
    evidence = excellent()
    evidence["management"][item] = level
    result = grade(parse_evidence(evidence))
    assert result.level == level
    assert (item in result.binding) is True
    assert [(gap.to_level, gap.has, gap.operator, gap.needs) for gap in result.gaps] == [
        (to_level, str(level), ">=", str(to_level)) for to_level in range(level + 1, 6)
    ]
