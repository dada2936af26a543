"""One set of rules: the compiled copy equals `qm_rules.grade` at and around every boundary."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules_numpy import ArrayRules
from qm_rules import Policy, grade, load_pack, parse_evidence
from tests.qm_rules.evidences import capable, delivered, evidences, excellent, first_passed, lost

READINGS = Policy().readings(load_pack().policies)
OUTPUT_CENTS = 100_000_000


def around(bound, scale, units):
    """Numerators of numerator/units at, just below and just above bound/scale."""
    at = bound * units // scale
    return [at + step for step in (-2, -1, 0, 1, 2) if at + step >= 0]


def documents(name, numerators, units):
    make = {
        "sigma": lambda k: {"deliveries": delivered(k, units)},
        "ftq": lambda k: {"first_pass": first_passed(k, units)},
        "internal_loss": lambda k: {"losses": lost(internal=f"{k}.0"), "output_value": str(units)},
        "external_loss": lambda k: {"losses": lost(external=f"{k}.0"), "output_value": str(units)},
        "cpk": lambda k: {"capability": [capable(f"{k // units}.{k % units:06d}")]},
    }[name]
    return [excellent(**make(int(k))) for k in numerators]


@pytest.mark.parametrize("method", ["printed", "formula"])
@pytest.mark.parametrize("name", ["sigma", "cpk", "ftq", "internal_loss", "external_loss"])
@pytest.mark.parametrize("units", [10**6, 10**7, 999_983])
def test_ratios_at_and_around_every_boundary(name, units, method):
    if name == "cpk" and units != 10**6:
        return
    policy = Policy(sigma_method=method)
    rules = ArrayRules(policy=policy)
    factor = 10**6 if name == "sigma" else 1
    numerators = np.array(
        sorted(
            {
                k
                for step in rules.book.ladders[name].steps
                for k in around(step.numerator, step.denominator * factor, units)
            }
        )
    )
    official = [
        grade(parse_evidence(doc), policy=policy).indicators[name].level
        for doc in documents(name, numerators, units)
    ]
    assert rules.level_of_ratio(name, numerators * factor, units).tolist() == official
    assert rules.level_of_ratio(name, numerators.astype(float) * factor, float(units)).tolist() == official
    assert len(set(official)) > 1


@pytest.mark.parametrize("name", ["sigma", "cpk", "ftq", "internal_loss", "external_loss"])
def test_a_float_stands_for_its_decimal(name):
    rules = ArrayRules()
    for level, operator, bound in load_pack().thresholds[name]:
        if name.endswith("loss") and level == 2:
            continue
        at = float(bound)
        below, exactly, above = rules.level_of_value(
            name, [np.nextafter(at, 0), at, np.nextafter(at, 2e6)]
        ).tolist()
        met = {
            "<": (level, level - 1, level - 1),
            "<=": (level, level, level - 1),
            ">=": (level - 1, level, level),
        }
        assert (below, exactly, above) == met[operator]


OWN = st.one_of(st.none(), st.integers(1, 5))


@settings(max_examples=120, deadline=None)
@given(evidences(), st.sampled_from(READINGS))
def test_aggregation_equals_the_official_one(document, policy):
    official = grade(parse_evidence(document), policy=policy)
    rules = ArrayRules(policy=policy)
    indicators = {name: found.level for name, found in official.indicators.items()}
    paths = rules.grade(indicators, official.items)
    assert paths.complete is (official.status != "incomplete")
    assert int(paths.level) == official.at_most
    for name, level in official.dimensions.items():
        assert level is None or int(paths.dimensions[name]) == level


def test_literally_a_loss_that_was_not_supplied_makes_no_hole():
    policy = Policy(level2_loss="literal")
    official = grade(parse_evidence(excellent(capability=[capable("1")], losses=...)), policy=policy)
    own = {name: found.level for name, found in official.indicators.items()}
    assert official.at_most == ArrayRules(policy=policy).grade(own, official.items).level == 2
    own["internal_loss"] = 3
    assert ArrayRules(policy=policy).grade(own, official.items).level == 1


@pytest.mark.parametrize("policy", READINGS)
def test_many_paths_at_once(policy):
    rules, rng = ArrayRules(policy=policy), np.random.default_rng(1)
    names = [*rules.book.ladders]
    own = {name: rng.integers(1, 6, size=(40, 25)).astype(np.int8) for name in names}
    items = {"qms": 3, "culture": rng.integers(1, 6, size=25)}
    paths = rules.grade(own, items)
    assert paths.level.shape == (40, 25)
    for row, column in rng.integers(0, 25, size=(50, 2)):
        one = rules.grade(
            {name: own[name][row, column] for name in names}, {"qms": 3, "culture": items["culture"][column]}
        )
        assert paths.level[row, column] == one.level


def test_what_is_not_known_is_refused_by_name():
    rules = ArrayRules()
    with pytest.raises(ValueError, match="ftq: found NaN"):
        rules.level_of_value("ftq", [0.9, np.nan])
    with pytest.raises(KeyError, match="quality"):
        rules.grade({"quality": 3}, {})


def test_no_threshold_stands_anywhere_else():
    """The printed thresholds are in the edition's data only: no module repeats one."""
    root = Path(__file__).parents[2]
    printed = ("66800", "66_800", "66807", "6_200", "1.33", "1.67", "0.0075")
    for package in ("qm_rules", "models"):
        for file in (root / package).rglob("*.py"):
            code = file.read_text(encoding="utf-8")
            assert [number for number in printed if number in code] == [], file
