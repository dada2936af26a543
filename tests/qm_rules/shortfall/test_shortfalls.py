"""What shortfalls say is enough, and one step less is not: for any evidence, level and reading."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qm_rules import Policy, grade, load_pack, parse_evidence
from qm_rules.shortfall import shortfalls
from tests.qm_rules.evidences import capable, evidences
from tests.qm_rules.shortfall.asked import is_hole

READINGS = Policy().readings(load_pack().policies)
READING = st.sampled_from(READINGS)
CAREFUL = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FAMILY = {"internal_loss": "internal", "external_loss": "external"}
CENT = Decimal("0.01")


def improved(document, found, least_values):
    """The evidence after everything that the shortfalls ask for has been done, and nothing more."""
    better = copy.deepcopy(document)
    for one in found:
        DO[one.indicator if one.indicator in DO else "item"](better, one, least_values)
    return better


def fewer_nonconforming(better, one, _):
    take_off(better["deliveries"], int(one.amount), [part.id for part in one.parts])


def take_off(rows, amount, order):
    for name in order:
        row = next(row for row in rows if row["product_id"] == name)
        gone = min(amount, row["nonconforming"])
        row["nonconforming"] -= gone
        amount -= gone
    assert amount == 0


def higher_cpk(better, one, least_values):
    rows = {row["characteristic_id"]: row for row in better["capability"]}
    for part in one.parts:
        row = rows[part.id]
        row["stable"], row["n"] = True, max(row.get("n", 0), least_values)
        has = Decimal(row["cpk"]) if row["cpk"] is not None else Decimal(-10)
        row["cpk"] = str(max(has, Decimal(part.needs)))
    if not one.parts:
        better["capability"] = [capable(CPK[one.to_level])]


CPK = {level: str(bound) for level, _, bound in load_pack().thresholds["cpk"]}


def more_passed(better, one, _):
    for part in one.parts:
        at = part.within, part.id
        row = next(row for row in better["first_pass"] if (row["product_id"], row["process_id"]) == at)
        assert Fraction(part.has) == pytest.approx(Fraction(row["passed_first"], row["submitted"]), rel=1e-11)
        row["passed_first"] += int(part.change)


def less_lost(better, one, _):
    family = better["losses"][FAMILY[one.indicator]]
    if one.kind == "track":
        better["losses"][FAMILY[one.indicator]] = {"tracked": True, "amounts": tracked_amount(better, one)}
        return
    rest = Decimal(one.amount)
    for part in one.parts:
        gone = min(rest, Decimal(part.has))
        family["amounts"][part.id] = str(Decimal(part.has) - gone)
        rest -= gone
    assert rest == 0


def tracked_amount(better, one):
    """Losses that the level allows once they are tracked: the printed bound itself, or nothing."""
    bounds = {level: bound for level, _, bound in load_pack().thresholds[one.indicator]}
    literal = one.to_level == 2 and "literal" in one.sentence.zh
    rate = bounds[2] if literal else Decimal(0)
    amount = rate * Decimal(better.get("output_value", "1"))
    return {"scrap" if one.indicator == "internal_loss" else "claims": f"{amount:f}"}


def higher_item(better, one, _):
    better["management"][one.indicator] += int(one.amount)


DO = {"sigma": fewer_nonconforming, "cpk": higher_cpk, "ftq": more_passed, "item": higher_item}
DO |= {"internal_loss": less_lost, "external_loss": less_lost}


@CAREFUL
@given(evidences(), READING, st.sampled_from([2, 25, 100]))
def test_doing_everything_reaches_the_level(document, policy, least_values):
    chosen = Policy(**dict(policy.overrides), min_values=str(least_values))
    result = grade(parse_evidence(document), policy=chosen)
    found = shortfalls(result)
    assert [(one.to_level, one.indicator) for one in found] == [
        (g.to_level, g.indicator) for g in result.gaps
    ]
    for level in range(result.at_most + 1, 6):
        asked = [one for one in found if one.to_level == level]
        holes = {one.indicator for one in asked if is_hole(one)}
        better = improved(document, [one for one in asked if not is_hole(one)], least_values)
        after = grade(parse_evidence(better), policy=chosen)
        still = {gap.indicator for gap in after.gaps if gap.to_level == level}
        assert still <= holes
        if not holes:
            assert after.at_most >= level
        assert {one.indicator for one in shortfalls(after) if one.to_level == level} <= holes


@CAREFUL
@given(evidences(), READING)
def test_one_step_less_does_not(document, policy):
    result = grade(parse_evidence(document), policy=policy)
    for one in shortfalls(result):
        for less in one_step_less(document, one):
            after = grade(parse_evidence(less), policy=policy)
            assert after.own[one.indicator] < one.to_level, one


def one_step_less(document, one):
    """Every evidence in which exactly one step of what a shortfall asks is left undone."""
    if one.amount is None or one.kind in ("track", "stabilise"):
        return
    if one.kind == "money" and Decimal(one.amount) % CENT:
        return  # all of a loss of less than a cent must go
    for part in one.parts if one.kind in ("processes", "characteristics") else one.parts[:1]:
        less = improved(document, [one], 25)
        UNDO[one.kind](less, one, part)
        yield less


def one_more_nonconforming(less, *_):
    most = max(less["deliveries"], key=lambda row: row["units"] - row["nonconforming"])
    most["nonconforming"] += 1


def one_cent_more(less, one, part):
    amounts = less["losses"][FAMILY[one.indicator]]["amounts"]
    amounts[part.id] = str(Decimal(amounts[part.id]) + CENT)


def one_level_lower(less, one, _):
    less["management"][one.indicator] -= 1


def one_passed_less(less, _, part):
    at = part.within, part.id
    row = next(row for row in less["first_pass"] if (row["product_id"], row["process_id"]) == at)
    row["passed_first"] -= 1


def a_little_less_capable(less, _, part):
    row = next(row for row in less["capability"] if row["characteristic_id"] == part.id)
    row["cpk"] = str(Decimal(part.needs) - Decimal("0.000001"))


UNDO = {"units": one_more_nonconforming, "money": one_cent_more, "item": one_level_lower}
UNDO |= {"processes": one_passed_less, "characteristics": a_little_less_capable}


@CAREFUL
@given(evidences())
def test_a_process_that_can_do_it_alone_needs_no_unit_more_or_less(document):
    result = grade(parse_evidence(document))
    for one in shortfalls(result):
        rows = document.get("first_pass", [])
        named = {(part.within, part.id): int(part.change) for part in one.alone}
        for at, row in enumerate(rows) if one.indicator == "ftq" else ():
            units = named.get((row["product_id"], row["process_id"]), row["submitted"] - row["passed_first"])
            for change in (0, -1):
                better = copy.deepcopy(document)
                better["first_pass"][at]["passed_first"] += units + change
                if better["first_pass"][at]["passed_first"] < 0:
                    continue
                reaches = grade(parse_evidence(better)).own["ftq"] >= one.to_level
                is_named = (row["product_id"], row["process_id"]) in named
                assert reaches is (is_named and change == 0)


@CAREFUL
@given(evidences(), READING)
def test_everything_is_said_in_both_languages(document, policy):
    for one in shortfalls(grade(parse_evidence(document), policy=policy)):
        said = [one.sentence, *(part.sentence for part in (*one.parts, *one.alone))]
        for words in said:
            assert words.zh.endswith("。")
            assert words.en.endswith(".")
            assert words.zh != words.en
        assert one.kind in {"units", "characteristics", "processes", "money", "item", "track", "stabilise"}
