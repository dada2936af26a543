"""What must hold for every evidence."""

import copy
import json
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qm_rules import EvidenceError, Policy, canonical_json, grade, load_pack, parse_evidence
from qm_rules.answer_line import answer_line
from qm_rules.evidence.law import EVIDENCE
from qm_rules.evidence.plain import is_plainly_sound
from qm_rules.evidence.values import ITEMS
from tests.qm_rules.evidences import evidences

PACK = load_pack()
READINGS = Policy().readings(PACK.policies)
READING = st.sampled_from(READINGS)
CAREFUL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def best(result):
    """The level, as far as it is known."""
    return result.at_most


@CAREFUL
@given(evidences(), READING)
def test_every_valid_evidence_gets_a_level_or_says_what_it_lacks(document, policy):
    result = grade(parse_evidence(json.dumps(document)), policy=policy)
    answer = result.to_dict()
    lacking = [name for name, level in result.own.items() if level is None]
    assert (result.status == "incomplete") is bool(lacking)
    assert (result.level is None) is bool(lacking)
    assert result.level in (None, result.at_most)
    assert 1 <= result.at_most <= 5
    assert set(answer["binding"]) == {name for name, level in result.own.items() if level == result.at_most}
    for gap in result.gaps:
        assert gap.to_level > result.at_most
        assert result.own[gap.indicator] is not None
    for name, indicator in result.indicators.items():
        assert (indicator.level is None) is (indicator.status == "not_supplied"), name
        if indicator.exact is not None:
            exact = Fraction(indicator.exact)
            assert abs(Fraction(indicator.value) - exact) <= abs(exact) * Fraction(1, 10**11)
            assert indicator.exact == f"{exact.numerator}/{exact.denominator}"


@CAREFUL
@given(evidences(), READING)
def test_the_quick_line_is_the_canonical_answer(document, policy):
    result = grade(parse_evidence(document), policy=policy)
    assert answer_line(result) == canonical_json(result.to_dict())


@CAREFUL
@given(evidences(), st.randoms(use_true_random=False))
def test_order_never_matters(document, rng: random.Random):
    shuffled = copy.deepcopy(document)
    for key in ("deliveries", "first_pass", "capability"):
        rng.shuffle(shuffled.get(key, []))
    keys = list(shuffled)
    rng.shuffle(keys)
    text = json.dumps(
        {key: shuffled[key] for key in keys}, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2])
    )
    assert answer_line(grade(parse_evidence(text))) == answer_line(grade(parse_evidence(document)))


@CAREFUL
@given(evidences(), st.integers(2, 10**6), st.integers(2, 10**6), READING)
def test_scale_never_matters(document, factor, currency, policy):
    scaled = copy.deepcopy(document)
    for row in scaled.get("deliveries", []):
        row["units"] *= factor
        row["nonconforming"] *= factor
    for row in scaled.get("first_pass", []):
        row["submitted"] *= factor
        row["passed_first"] *= factor
    for family in scaled.get("losses", {}).values():
        for name, amount in family.get("amounts", {}).items():
            family["amounts"][name] = f"{Decimal(amount) * currency:f}"
    if "output_value" in scaled:
        scaled["output_value"] = f"{Decimal(scaled['output_value']) * currency:f}0"
    before, after = (grade(parse_evidence(one), policy=policy) for one in (document, scaled))
    assert after.indicators == before.indicators
    assert after.levels == before.levels
    assert (after.level, after.status, after.at_most, after.dimensions, after.gaps) == (
        before.level,
        before.status,
        before.at_most,
        before.dimensions,
        before.gaps,
    )


@st.composite
def improvements(draw):
    """An evidence and a better one, by any field in its better direction.

    Fewer nonconforming units, more good ones, more passed, a higher Cpk of more values of a stable process,
    a statistic that is now kept, smaller losses of a larger output, a higher item.
    """
    document = draw(evidences())
    better = copy.deepcopy(document)
    for row in better.get("deliveries", []):
        row["nonconforming"] = draw(st.integers(0, row["nonconforming"]))
        row["units"] += draw(st.integers(0, 1000))
    for row in better.get("first_pass", []):
        row["passed_first"] = draw(st.integers(row["passed_first"], row["submitted"]))
    for row in better.get("capability", []):
        improve_capability(draw, row)
    for family in better.get("losses", {}).values():
        improve_losses(draw, family)
    if "output_value" in better:
        better["output_value"] = draw(st.sampled_from([better["output_value"], f"9{better['output_value']}"]))
    for name, level in better.get("management", {}).items():
        better["management"][name] = draw(st.integers(level, 5))
    assume(better != document)
    return document, better


def improve_capability(draw, row):
    if row["cpk"] is None:
        row.update(draw(st.sampled_from([{}, {"cpk": "-5", "n": 0, "stable": False}])))
        return
    row["cpk"] = draw(st.sampled_from([row["cpk"], "4", "1000"]))
    row["stable"] = row["stable"] or draw(st.booleans())
    row["n"] += draw(st.integers(0, 200))


def improve_losses(draw, family):
    for name in family.get("amounts", {}):
        family["amounts"][name] = draw(st.sampled_from([family["amounts"][name], "0"]))
    if family.get("amounts"):
        family["tracked"] = family["tracked"] or draw(st.booleans())


def newly_unknown(worse, better):
    """A loss that is tracked now, beside no output value, is not supplied; before it was a level-1 fact."""
    return any(level is not None and better.own[name] is None for name, level in worse.own.items())


MORE = st.sampled_from([{}, {"min_values": "2"}, {"min_values": "200", "few_values": "300"}])


@CAREFUL
@given(improvements(), READING, MORE)
def test_better_evidence_never_lowers_a_level(pair, policy, more):
    policy = Policy(**dict(policy.overrides), **more)
    worse, better = (grade(parse_evidence(document), policy=policy) for document in pair)
    assume(not newly_unknown(worse, better))
    for name, level in worse.own.items():
        assert level is None or better.own[name] >= level, name
    if best(better) < best(worse):  # the one documented way: a loss literally too small for level 2
        assert better.book.literal
        performance = better.book.dimensions(better.levels)["performance"]
        members = [better.own[name] for name in PACK.indicators if better.own[name] is not None]
        assert (performance, min(members)) == (1, 2)
        assert any(better.own[name] > 2 for name in ("internal_loss", "external_loss") if better.own[name])


@CAREFUL
@given(evidences(), READING)
def test_a_larger_demand_on_values_never_raises_a_level(document, policy):
    evidence = parse_evidence(document)
    levels = [
        best(grade(evidence, policy=Policy(**dict(policy.overrides), min_values=least)))
        for least in ("2", "25", "100", "1000000")
    ]
    assert levels == sorted(levels, reverse=True)


@CAREFUL
@given(evidences(), READING)
def test_the_answer_is_canonical_json(document, policy):
    line = answer_line(grade(parse_evidence(document), policy=policy))
    assert "\n" not in line
    assert (
        json.dumps(json.loads(line.encode()), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        == line
    )
    assert not any(isinstance(value, float) for value in values(json.loads(line)))


def values(value):
    """Yield every single value in a JSON document."""
    if isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from values(child)
    else:
        yield value


def places(value, path=()):
    """Yield the path of every value in a document."""
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


HOSTILE = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(-5, 10**20), st.text(max_size=5), st.just("1.5"),
    st.just([]), st.just({}), st.just("2025-03"), st.just([{}]), st.just(["2025-03"]), st.just({"tracked":
    True}), st.just("\ud800"),
)  # fmt: skip


@st.composite
def mutated(draw):
    document = copy.deepcopy(draw(evidences()))
    *way, last = draw(st.sampled_from([path for path in places(document) if path]))
    at = document
    for key in way:
        at = at[key]
    if isinstance(at, dict) and draw(st.booleans()):
        if draw(st.booleans()):
            del at[last]
        else:
            at[draw(st.sampled_from([*ITEMS, "key", "n", "x", "internal", "scrap"]))] = draw(HOSTILE)
    else:
        at[last] = draw(HOSTILE)
    return document


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_the_quick_look_never_passes_what_the_law_refuses(document):
    faults = EVIDENCE.faults(document, "$")
    assert not (is_plainly_sound(document) and faults)
    if not faults:
        grade(parse_evidence(document)).to_dict()
        return
    with pytest.raises(EvidenceError) as refused:
        parse_evidence(document)
    assert list(refused.value.faults) == faults


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_noise_is_refused_and_never_crashes(noise):
    with pytest.raises(EvidenceError) as refused:
        parse_evidence(noise)
    assert refused.value.faults
