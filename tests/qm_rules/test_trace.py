"""The trace: the grade's own values and levels, an arithmetic that comes out, words in both languages."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qm_rules import Policy, canonical_json, grade, load_pack, parse_evidence
from qm_rules.trace import LISTED, trace
from tests.qm_rules.evidences import capable, delivered, evidences, excellent, lost

PACK = load_pack()
READINGS = Policy().readings(PACK.policies)
ANY_READING = st.sampled_from(READINGS)
CAREFUL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORKINGS = yaml.safe_load((Path(__file__).parent / "cases" / "workings.yaml").read_text(encoding="utf-8"))
INDICATORS = tuple(PACK.indicators)
HOLDS = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    "<": lambda value, bound: value < bound,
}


def traced(policy=None, notes=(), **changes):
    result = grade(parse_evidence(excellent(**changes)), policy=Policy(**(policy or {})), notes=notes)
    return {line.id: line for line in trace(result).lines}, trace(result)


# --- the same as the grade


@CAREFUL
@given(evidences(), ANY_READING)
def test_values_levels_and_statuses_are_the_grade_s(document, policy):
    result = grade(parse_evidence(document), policy=policy)
    found = trace(result)
    assert [line.id for line in found.lines] == list(result.own)
    assert {line.id: line.level for line in found.lines} == result.own
    for line in found.lines[: len(INDICATORS)]:
        assert (line.value, line.exact, line.level, line.status) == result.indicators[line.id]
    assert {line.id: line.level for line in found.dimensions} == result.dimensions
    name = result.book.pack.level_words(result.at_most)
    assert name.zh in found.verdict.zh
    assert name.en in found.verdict.en
    assert len(found.notes) == len(result.notes)


@CAREFUL
@given(evidences(), ANY_READING)
def test_what_is_met_is_what_supports_a_level(document, policy):
    result = grade(parse_evidence(document), policy=policy)
    met_by = {line.id: {one.level for one in line.judgements if one.met} for line in trace(result).lines}
    for name, level in result.own.items():
        assert [one.level for one in trace(result).lines[0].judgements] == [2, 3, 4, 5]
        reached = set() if level is None else set(range(2, level + 1))
        hole = met_by[name] != reached
        assert met_by[name] == (reached - {2} if hole else reached)
        assert not hole or (policy.overrides and level > 2 and name.endswith("_loss"))
    unmet = {(gap.indicator, gap.to_level) for gap in result.gaps}
    for name, level in unmet:
        assert level not in met_by[name]


@CAREFUL
@given(evidences(), ANY_READING)
def test_each_measured_judgement_is_what_the_exact_value_says(document, policy):
    result = grade(parse_evidence(document), policy=policy)
    for line in trace(result).lines:
        if line.status != "measured":
            continue
        for one in line.judgements:
            bound = Fraction(result.book.ladders[line.id].asked[one.level].numerator)
            bound /= result.book.ladders[line.id].asked[one.level].denominator
            assert one.met is HOLDS[one.operator](Fraction(line.exact), bound), (line.id, one)


@CAREFUL
@given(evidences(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(document, rng):
    shuffled = {
        key: rng.sample(value, len(value)) if key in ("deliveries", "first_pass", "capability") else value
        for key, value in document.items()
    }
    one, other = (trace(grade(parse_evidence(one))) for one in (document, shuffled))
    assert canonical_json(one.to_dict()) == canonical_json(other.to_dict())


@CAREFUL
@given(evidences(), ANY_READING)
def test_other_readings_are_named_with_the_level_they_give(document, policy):
    result = grade(parse_evidence(document), policy=policy)
    for line in trace(result).policies:
        for value in PACK.policies[line.id].choices if PACK.policies[line.id].reading else ():
            other = grade(result.evidence, policy=Policy(**{**result.book.policy, line.id: value}))
            level = PACK.level_words(other.at_most).en
            said = (
                f"By {value} {level} " if result.level is None else f"By {value} the level would be {level} "
            )
            assert (said in line.otherwise.en) is (other.at_most != result.at_most)


# --- an arithmetic oracle: every chain of equations in the working comes out


def terms(working):
    """Yield the equation chains of a working: what stands between its words, remarks in brackets left out."""
    text = re.sub(r"\[[^\]]*\]|\(nonconforming[^)]*\)", "", working)
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)
    for part in re.split(r"[A-Za-z_ ]+\d*:|;|\.(?:\s|$)", text):
        if "=" in part or "≈" in part:
            yield part


def value_of(expression):
    """Evaluate digits, + × ÷ ( ) / and min by exact fractions."""
    python = expression.replace("×", "*").replace("÷", "/").replace("10⁶", "1000000")
    python = re.sub(r"-?\d+(?:\.\d+)?", lambda number: f"Fraction('{number.group()}')", python.strip())
    assert re.fullmatch(r"(?:Fraction\('-?[\d.]+'\)|min|[-+*/(), ])*", python), expression
    return eval(python, {"Fraction": Fraction, "min": lambda *values: min(values)})


def check_working(line):
    found = list(terms(line.working.en))
    for chain in found:
        parts = re.split(r"([=≈])", chain)
        first = value_of(parts[0])
        rounded = False
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            rounded = rounded or sign == "≈"
            assert abs(value_of(part) - first) <= abs(first) * Fraction(int(rounded), 10**11), chain
    return found


def by_calculator(line):
    """Return the value to which the last chain of a working comes."""
    chain = check_working(line)[-1]
    return value_of(re.split(r"[=≈]", chain)[0])


SIMPLE = st.builds(
    lambda units, passes, cpks, internal, external: excellent(
        deliveries=[
            {"product_id": f"P{i}", "units": u + b + (i == 0), "nonconforming": b}
            for i, (u, b) in enumerate(units)
        ],
        first_pass=[
            {"product_id": p, "process_id": f"S{i}", "seq": s, "submitted": a + b + 1, "passed_first": a}
            for i, (p, s, a, b) in enumerate(passes)
        ],
        capability=[capable(str(c), name=f"C{i}") for i, c in enumerate(cpks)],
        losses=lost(*(str(amount) for amount in (internal, external))),
    ),
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=2 * LISTED),
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(0, 3), st.integers(0, 10**6), st.integers(0, 10**4)),
        min_size=1, max_size=8,
    ),
    st.lists(st.decimals(-1, 4, places=3), min_size=1, max_size=2 * LISTED),
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 10**6, places=2),
)  # fmt: skip


@CAREFUL
@given(SIMPLE)
def test_the_working_comes_out_on_a_calculator(document):
    lines = trace(grade(parse_evidence(document))).lines[: len(INDICATORS)]
    for line in lines:
        exact = Fraction(line.exact)
        found = by_calculator(line)
        # products that are too long to be written as fractions are handed on with twelve digits
        assert abs(found - exact) <= abs(exact) * Fraction(1, 10**11), line.working.en


@CAREFUL
@given(SIMPLE)
def test_the_reason_compares_truly(document):
    for line in trace(grade(parse_evidence(document))).lines[: len(INDICATORS)]:
        for left, sign, right in re.findall(r"(-?[\d.]+) ([≥≤<>]) (-?[\d.]+)[,:]", line.reason.en):
            assert {
                "≥": Fraction(left) >= Fraction(right),
                "≤": Fraction(left) <= Fraction(right),
                "<": Fraction(left) < Fraction(right),
                ">": Fraction(left) > Fraction(right),
            }[sign], line.reason.en


@pytest.mark.parametrize("name", WORKINGS)
def test_the_working_as_it_is_printed(name):
    case = WORKINGS[name]
    assert traced(**case["changes"])[0][case["indicator"]].working.en == case["working"]


def test_inputs_are_exactly_those_of_the_evidence():
    lines, _ = traced(
        capability=[capable("1.4120", n=125), capable(None, name="C2", key=False)],
        losses=lost("007.50", "0"),
    )
    assert [(one.name.en, one.value) for one in lines["cpk"].inputs] == [
        ("C1 · Cpk", "1.4120"),
        ("C1 · number of values n", "125"),
        ("C1 · process stable", "true"),
        ("C1 · key characteristic", "true"),
        ("characteristics not marked key, which do not count", "1"),
    ]
    assert [one.value for one in lines["internal_loss"].inputs] == ["true", "007.50", "1000000.00"]
    assert [one.value for one in lines["sigma"].inputs] == ["10000000", "0"]


# --- the three ways to lack a number


@pytest.mark.parametrize(
    ("changes", "name", "status", "zh", "en"),
    [
        (
            {"deliveries": ...},
            "sigma",
            "not_supplied",
            "没有 deliveries:未提供",
            "no deliveries: not supplied",
        ),
        ({"first_pass": ...}, "ftq", "not_supplied", "没有 first_pass", "no first_pass"),
        ({"capability": ...}, "cpk", "not_supplied", "没有 capability", "no capability"),
        ({"losses": ...}, "internal_loss", "not_supplied", "没有 losses.internal", "no losses.internal"),
        ({"output_value": ...}, "external_loss", "not_supplied", "没有 output_value", "no output_value"),
        ({"management": {}}, "qms", "not_supplied", "没有 management.qms", "no management.qms"),
        ({"capability": []}, "cpk", "not_tracked", "过程能力指数未做统计或小于1", "is not compiled"),
        (
            {"losses": {**lost(), "external": {"tracked": False}}},
            "external_loss",
            "not_tracked",
            "对内外部质量损失率未做统计",
            "are not compiled",
        ),
        (
            {"capability": [capable("1.8", stable=False), capable("2", name="C2")]},
            "cpk",
            "inadmissible",
            "过程不稳定的:C1",
            "stable and in control (that is, no special cause disturbs the characteristics of its output)”",
        ),
        ({"capability": [capable("1.8", n=24)]}, "cpk", "inadmissible", "n 小于 25 的:C1", "n below 25: C1"),
    ],
)
def test_the_reason_says_what_lacks_and_why(changes, name, status, zh, en):
    line = traced(**changes)[0][name]
    assert line.status == status
    assert zh in line.reason.zh
    assert en in line.reason.en
    assert not any(one.met for one in line.judgements)


def test_rounding_never_hides_a_comparison():
    hidden = traced(capability=[capable("1.9999999999999999999999")])[0]["cpk"]
    assert hidden.value == "2"
    assert "1.9999999999999999999999 < 2:" in hidden.reason.en
    formula = traced({"sigma_method": "formula"}, deliveries=delivered(34, 10**7))[0]["sigma"]
    assert "3.4 > 3.39767312473" in formula.reason.en


@pytest.mark.parametrize(
    "notes", [(), ({"code": "uninspected_process", "indicator": "ftq", "process_id": "2"},)]
)
def test_notes_in_words(notes):
    _, found = traced(window={"start": "2025-02", "end": "2025-12"}, notes=notes)
    assert found.notes[-1].en.startswith("the window is shorter than 12 months")
    assert [note.zh for note in found.notes[:-1]] == [
        "全过程一次交验合格率:有工序在窗口内没有首次交验记录(2)"
    ] * len(notes)


def test_a_note_names_the_policy_s_own_number():
    _, found = traced({"few_values": "200"}, capability=[capable("2.9", n=150)])
    assert [note.en for note in found.notes] == ["Process capability index: fewer than 200 values"]


def test_literal_readings_are_said():
    lines, found = traced(
        {"level2_loss": "literal"}, capability=[capable("1.1")], losses=lost("20000", "20000")
    )
    assert "0.02 < 0.03: does not support Inspection itself" in lines["internal_loss"].reason.en
    assert "only level 1 is left" in found.dimensions[0].reason.en
    (policy,) = [one for one in found.policies if one.id == "level2_loss"]
    assert (policy.value, policy.is_default) == ("literal", False)
    assert policy.otherwise.en == "By tracked the level would be Inspection (level 2)."


def test_many_rows_are_capped_and_their_sums_kept():
    n = 5000
    rows = [{"product_id": f"P{i:05d}", "units": 1000 + i, "nonconforming": i % 7} for i in range(n)]
    passes = [
        {"product_id": f"P{i:05d}", "process_id": "1", "seq": 1, "submitted": 1000 + i, "passed_first": 1000}
        for i in range(n)
    ]
    cpks = [capable(f"{1 + i % 90 / 100:.2f}", name=f"C{i}", stable=i % 2 == 0) for i in range(n)]
    lines, found = traced(deliveries=rows, first_pass=passes, capability=cpks)
    assert len(canonical_json(found.to_dict())) < 60_000
    sums = {one.name.en: one.value for one in lines["sigma"].inputs}
    assert sums[f"{n - LISTED:,} more products · units delivered, together".replace(",", " ", 1)] == str(
        sum(1000 + i for i in range(LISTED, n))
    )
    for name in ("sigma", "ftq", "cpk"):
        exact = Fraction(lines[name].exact)
        assert abs(by_calculator(lines[name]) - exact) <= exact * Fraction(1, 10**10)


def test_hostile_ids_stay_on_their_line():
    name = "\n\u202e{0}[x]" + "长" * 500
    _, found = traced(
        capability=[capable("1.2", name=name)], deliveries=[{**delivered(1, 9)[0], "product_id": name}]
    )
    for line in found.lines:
        for words in (line.working, line.reason, *(one.name for one in line.inputs)):
            for text in words:
                assert "\n" not in text
                assert "\u202e" not in text
                assert len(text) < 1000


def chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@CAREFUL
@given(SIMPLE, ANY_READING)
def test_both_languages_say_everything(document, policy):
    for words in all_words(trace(grade(parse_evidence(document), policy=policy)).to_dict()):
        assert bool(words["zh"]) is bool(words["en"]), words
        assert not chinese(words["en"].replace("全过程质量绩效", "")), words
        assert "{" not in words["zh"] + words["en"], words


def all_words(value):
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from all_words(part)


def test_the_bounds_of_rates_are_said_in_percent_as_printed():
    lines, _ = traced()
    for name in ("ftq", "internal_loss", "external_loss"):
        for one in lines[name].judgements[1:]:  # that of level 2 of a loss is read as "tracked"
            (said,) = re.findall(r"that is ([\d.]+) %", one.unit.en)
            (printed,) = re.findall(r"([\d.]+) %", one.quote.en)
            assert Fraction(said) == Fraction(printed) == Fraction(one.needs) * 100


def test_every_quote_is_the_document_s():
    _, found = traced()
    for line in found.lines:
        assert line.quote.zh in PACK.source
        assert all(one.quote.zh in PACK.source for one in line.judgements)
