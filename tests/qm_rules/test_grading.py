"""Statuses, dimensions, binding, gaps and notes, sentence by sentence of the specification."""

import json
from pathlib import Path

import pytest

from qm_rules import canonical_json, grade, parse_evidence
from qm_rules.answer_line import answer_line
from tests.qm_rules.evidences import capable, delivered, excellent, lost
from tests.qm_rules.graded import codes, graded

SPECIFICATION = Path(__file__).parents[3] / "shared" / "OFFICIAL_GRADE.md"


def test_the_excellent_evidence_is_excellent():
    result = graded()
    assert (result.level, result.level_id, result.level_name) == (5, "excellence", "卓越级")
    assert (result.status, result.at_most, result.gaps, result.notes) == ("final", 5, (), ())
    assert len(result.binding) == 14


# --- three ways to lack a number


@pytest.mark.parametrize(
    ("key", "indicators", "dimension"),
    [
        ("deliveries", ["sigma"], "performance"),
        ("first_pass", ["ftq"], "performance"),
        ("capability", ["cpk"], "performance"),
        ("losses", ["internal_loss", "external_loss"], "performance"),
        ("output_value", ["internal_loss", "external_loss"], "performance"),
    ],
)
def test_an_absent_key_is_not_supplied(key, indicators, dimension):
    result = graded(**{key: ...})
    for name in indicators:
        assert result.indicators[name] == (None, None, None, "not_supplied")
    assert (result.status, result.level, result.level_id, result.level_name) == (
        "incomplete",
        None,
        None,
        None,
    )
    assert result.at_most == 5
    assert result.dimensions == {"performance": None, "system": 5, "digital": 5, "sustained": 5}


def test_an_absent_item_leaves_its_dimension_open():
    management = {name: 4 for name in excellent()["management"] if name not in ("qms", "data")}
    result = graded(management=management)
    assert result.dimensions == {"performance": 5, "system": None, "digital": None, "sustained": 4}
    assert (result.status, result.at_most) == ("incomplete", 4)
    assert "data" not in result.binding


def test_at_most_is_what_the_supplied_part_allows():
    management = {**excellent()["management"], "culture": 2}
    result = graded(first_pass=..., management=management)
    assert (result.level, result.at_most, result.binding) == (None, 2, ("culture",))
    assert {gap.to_level for gap in result.gaps} == {3, 4, 5}
    assert {gap.indicator for gap in result.gaps} == {
        "culture"
    }  # what is not supplied is not known to be below


def test_incomplete_outranks_provisional():
    result = graded(deliveries=..., window={"start": "2025-06", "end": "2025-12"})
    assert result.status == "incomplete"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"capability": []}, "cpk"),
        ({"capability": [capable(None)]}, "cpk"),
        ({"capability": [{"characteristic_id": "C1", "key": True, "cpk": None}]}, "cpk"),
        ({"losses": {**lost(), "internal": {"tracked": False}}}, "internal_loss"),
        ({"losses": {**lost(), "external": {"tracked": False}}}, "external_loss"),
        ({"losses": {**lost(), "external": {"tracked": False, "amounts": {"claims": "1"}}}}, "external_loss"),
    ],
)
def test_not_tracked_is_a_level_1_fact(changes, name):
    result = graded(**changes)
    assert result.indicators[name] == (None, None, 1, "not_tracked")
    assert (result.level, result.status, result.binding) == (1, "final", (name,))
    assert [gap.has for gap in result.gaps] == [None] * 4


def test_not_tracked_needs_no_output_value():
    result = graded(losses={"internal": {"tracked": False}, "external": {"tracked": False}}, output_value=...)
    assert (result.level, result.status) == (1, "final")


def test_what_an_untracked_loss_needs():
    gaps = graded(losses={**lost(), "internal": {"tracked": False}}).gaps
    assert [(gap.operator, gap.needs) for gap in gaps] == [
        (">=", "0"),
        ("<", "0.03"),
        ("<", "0.015"),
        ("<", "0.0075"),
    ]


# --- capability: which rows are graded


@pytest.mark.parametrize(
    ("rows", "level", "status", "noted"),
    [
        ([capable("1.4"), capable("1.2", name="C2")], 2, "measured", []),
        ([capable("1.4"), capable("0.5", name="C2", key=False)], 3, "measured", []),
        ([capable("1.4"), capable(None, name="C2", key=False)], 3, "measured", []),
        ([capable("1.4"), capable("2", name="C2", key=False, stable=False, n=3)], 3, "measured", []),
        ([capable("1.4"), capable(None, name="C2")], 1, "not_tracked", []),
        ([capable("1.4", stable=False), capable(None, name="C2")], 1, "not_tracked", []),
        ([capable("1.4", stable=False)], 1, "inadmissible", ["unstable"]),
        ([capable("1.9"), capable("1.4", name="C2", stable=False)], 1, "inadmissible", ["unstable"]),
        ([capable("1.4", n=24)], 1, "inadmissible", ["few_values", "too_few"]),
        ([capable("1.4", n=0)], 1, "inadmissible", ["few_values", "too_few"]),
        ([capable("2.9", n=25)], 5, "measured", ["few_values"]),
        ([capable("2.9", n=99)], 5, "measured", ["few_values"]),
        ([capable("2.9", n=100)], 5, "measured", []),
        ([capable("2.9", n=24, stable=False)], 1, "inadmissible", ["few_values", "too_few", "unstable"]),
        ([capable("1.4", key=False), capable("1.2", name="C2", key=False)], 2, "measured", ["no_key_marked"]),
        (
            [capable("1.4", key=False), capable(None, name="C2", key=False)],
            1,
            "not_tracked",
            ["no_key_marked"],
        ),
    ],
)
def test_which_cpk(rows, level, status, noted):
    result = graded(capability=rows)
    assert (result.indicators["cpk"].level, result.indicators["cpk"].status) == (level, status)
    assert [code for code, name in codes(result) if name == "cpk" and code != "thin_evidence"] == noted


def test_an_inadmissible_cpk_shows_what_was_given():
    result = graded(capability=[capable("1.80", stable=False)])
    assert result.indicators["cpk"] == ("1.8", "9/5", 1, "inadmissible")
    assert [gap.has for gap in result.gaps] == ["1.8"] * 4


# --- first pass


def stage(process, seq, passed, submitted, product="P1"):
    return {
        "product_id": product, "process_id": process, "seq": seq, "submitted": submitted, "passed_first":
        passed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "exact"),
    [
        ([stage("a", 1, 9, 10), stage("b", 2, 8, 10)], "18/25"),  # a product, not 17/20
        ([stage("a", 1, 9, 10), stage("b", 1, 80, 100)], "89/110"),  # parallel: pooled, not 18/25
        ([stage("a", 1, 9, 10), stage("b", 2, 8, 10), stage("c", 2, 90, 90)], "441/500"),  # 9/10 · 98/100
        # weights are units started at the lowest seq: P1 10 at 1/2, P2 30 at 1 → (10·½ + 30)/40, not 3/4
        ([stage("a", 1, 5, 10), stage("a", 1, 30, 30, "P2")], "7/8"),
        # P2 starts 20 at seq 2 (its lowest); P1 starts 10 at seq 0, although 1000 stand at its seq 5
        ([stage("z", 5, 1000, 1000), stage("a", 0, 5, 10), stage("a", 2, 20, 20, "P2")], "5/6"),
        ([stage("a", 1, 0, 7)], "0/1"),
    ],
)
def test_first_pass_yield(rows, exact):
    assert graded(first_pass=rows).indicators["ftq"].exact == exact


def test_a_very_long_chain_is_still_exact():
    rows = [
        stage(str(i), i, 10**7 - 1, 10**7) for i in range(1200)
    ]  # 8 400 digits: more than str of an int allows
    ftq = graded(first_pass=rows).indicators["ftq"]
    assert ftq.value == "0.999880007194"  # (1 − 10⁻⁷)^1200 = 1 − 1.2e-4 + 7.2e-9 − 6.3e-12 + …
    assert len(ftq.exact) == 8400 + 1 + 8401


# --- sums over products and categories


def test_products_are_summed_not_averaged():
    rows = [*delivered(0, 900), {"product_id": "P2", "units": 100, "nonconforming": 10}]
    assert graded(deliveries=rows).indicators["sigma"][:2] == (
        "10000",
        "10000/1",
    )  # not the mean of 0 and 100 000


def test_a_product_without_units_counts_nothing():
    rows = [*delivered(0, 900), {"product_id": "P2", "units": 0, "nonconforming": 0}]
    assert graded(deliveries=rows).indicators["sigma"].value == "0"


def test_losses_are_summed_exactly():
    amounts = {"scrap": "0.1", "rework": "0.2", "other_internal": "99999999999999999999999999999999.7"}
    losses = {**lost(), "internal": {"tracked": True, "amounts": amounts}}
    assert (
        graded(losses=losses, output_value="1").indicators["internal_loss"].exact
        == "100000000000000000000000000000000/1"
    )


@pytest.mark.parametrize(
    ("bad", "units", "value"),
    [
        (1, 3, "333333.333333"),
        (2, 3, "666666.666667"),
        (1, 7_000_000_000_000_000, "0.000000000142857142857"),
        (1_000_000_000_005, 10**18, "1.00000000000"),  # half even: …0005 rounds down to an even digit
        (1_000_000_000_015, 10**18, "1.00000000002"),  # … and …0015 rounds up to one
        (5, 5, "1000000"),
        (0, 5, "0"),
    ],
)
def test_values_have_twelve_digits(bad, units, value):
    expected = value.rstrip("0").rstrip(".") if "." in value else value
    assert graded(deliveries=delivered(bad, units)).indicators["sigma"].value == expected


# --- windows and missing months


@pytest.mark.parametrize("start", ["2025-02", "2025-12"])
def test_a_short_window_is_provisional(start):
    result = graded(window={"start": start, "end": "2025-12"})
    assert (result.status, result.level, codes(result)) == ("provisional", 5, [("short_window", None)])


@pytest.mark.parametrize(
    ("statistic", "names"),
    [
        ("deliveries", ["sigma"]),
        ("first_pass", ["ftq"]),
        ("internal", ["internal_loss"]),
        ("external", ["external_loss"]),
        ("output_value", ["internal_loss", "external_loss"]),
    ],
)
def test_missing_months_are_provisional(statistic, names):
    result = graded(missing_months={statistic: ["2025-03"]})
    assert (result.status, result.level) == ("provisional", 5)
    assert codes(result) == [("missing_months", name) for name in names]


@pytest.mark.parametrize("missing", [{}, {"internal": []}])
def test_no_month_missing_is_final(missing):
    assert graded(missing_months=missing).status == "final"


# --- the answer


def test_given_notes_take_their_place():
    note = {"code": "uninspected_process", "indicator": "ftq", "product_id": "P1", "process_id": "20"}
    result = graded(
        notes=[note],
        first_pass=...,
        deliveries=delivered(0, 1000),
        losses=lost(),
        missing_months={"internal": ["2025-01"]},
    )
    assert codes(result) == [
        ("thin_evidence", "sigma"),
        ("uninspected_process", "ftq"),
        ("missing_months", "internal_loss"),
    ]
    assert result.to_dict()["notes"][1] == note
    assert answer_line(result) == canonical_json(result.to_dict())


def test_a_given_note_of_an_unknown_code_is_refused():
    with pytest.raises(ValueError, match=r"'late'.*uninspected_process"):
        graded(notes=[{"code": "late", "indicator": "ftq"}])


def test_evidence_hash_ignores_order_and_nothing_else():
    rows = [*delivered(0, 900), {"product_id": "P2", "units": 100, "nonconforming": 10}]
    one = parse_evidence(excellent(deliveries=rows, missing_months={"internal": ["2025-03", "2025-01"]}))
    other = parse_evidence(
        json.dumps(
            excellent(missing_months={"internal": ["2025-01", "2025-03"]}, deliveries=rows[::-1]), indent=3
        )
    )
    assert one.sha256 == other.sha256
    assert one.sha256 != parse_evidence(excellent(deliveries=rows)).sha256


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside this checkout")
def test_the_specification_s_own_example():
    blocks = SPECIFICATION.read_text(encoding="utf-8").split("```json\n")
    evidence = json.loads(blocks[1].split("```")[0])
    shown = json.loads(blocks[2].split("```")[0])
    provisional = grade(parse_evidence(evidence)).to_dict()
    assert (provisional["status"], provisional["level"]) == ("provisional", 3)
    evidence.pop("missing_months")
    answer = grade(parse_evidence(evidence)).to_dict()
    for key in (
        "enterprise_id",
        "window",
        "level",
        "level_id",
        "level_name",
        "status",
        "at_most",
        "dimensions",
        "binding",
        "notes",
    ):
        assert answer[key] == shown[key]
    assert answer["indicators"]["sigma"] == shown["indicators"]["sigma"]
    assert answer["gaps"][0] == shown["gaps"][0]
    assert answer["pack"]["id"] == shown["pack"]["id"]
    assert shown["policy"].items() - {("…", "")} <= answer["policy"].items()
