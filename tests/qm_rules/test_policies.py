"""Thin evidence and policies, sentence by sentence of the specification."""

import pytest

from qm_rules import Policy, PolicyError, grade, load_pack, parse_evidence
from tests.qm_rules.evidences import capable, delivered, excellent, first_passed, lost
from tests.qm_rules.graded import codes, graded

# --- thin evidence


def test_thin_evidence_of_many_units():
    assert codes(graded(deliveries=delivered(3300, 10**9))) == []  # 3300 + 1.645·57 < 3400
    assert codes(graded(deliveries=delivered(330, 10**8))) == [
        ("thin_evidence", "sigma")
    ]  # 330 + 1.645·18 > 340


def test_one_unit_fewer_is_thin():
    assert codes(graded(deliveries=delivered(0, 881096))) == [("thin_evidence", "sigma")]
    assert codes(graded(deliveries=delivered(0, 881097))) == []


def test_level_1_is_never_thin():
    assert codes(
        graded(deliveries=delivered(1, 2), first_pass=first_passed(1, 3), capability=[capable("0.2", 25)])
    ) == [("few_values", "cpk")]


def test_thin_is_asked_of_every_graded_characteristic():
    rows = [capable("1.40", n=100_000), capable("1.45", n=30, name="C2")]  # 1.45 − 1.645·0.2 = 1.12 < 1.33
    assert ("thin_evidence", "cpk") in codes(graded(capability=rows))
    assert ("thin_evidence", "cpk") not in codes(graded(capability=rows[:1]))


def test_first_passes_can_be_thin():
    assert codes(graded(first_pass=first_passed(148, 148))) == [
        ("thin_evidence", "ftq")
    ]  # 0.05^(1/148) = 0.97996
    assert codes(graded(first_pass=first_passed(149, 149))) == []  # 0.05^(1/149) = 0.98009


# --- policies


def test_aggregations():
    management = {**excellent()["management"], "qms": 1, "culture": 3}
    changes = {"management": management, "deliveries": delivered(231, 1_000_000)}  # performance 3
    assert graded(**changes).level == 1
    assert graded({"aggregation": "lower_median"}, **changes).level == 3  # 1 3 3 5
    assert graded({"aggregation": "performance_only"}, **changes).level == 3
    assert graded({"aggregation": "lower_median"}, **changes).binding == ("sigma", "culture")


def test_lower_median_is_the_lower_one():
    management = {**dict.fromkeys(excellent()["management"], 2), "qms": 4}
    assert graded({"aggregation": "lower_median"}, management=management).level == 2  # 2 2 4 5: not 3, not 4


def test_performance_only_is_incomplete_without_the_others():
    result = graded({"aggregation": "performance_only"}, management={})
    assert (result.status, result.level, result.at_most) == ("incomplete", None, 5)


def test_literal_supports_level_3_or_higher_only():
    changes = {
        "capability": [capable("1.1")],
        "losses": lost("20000", "20000"),
    }  # 2 %: internal and external level 3
    assert graded(**changes).level == 2
    literal = graded({"level2_loss": "literal"}, **changes)
    assert (literal.level, literal.dimensions["performance"]) == (1, 1)
    assert literal.indicators["internal_loss"].level == 3
    to_2 = [gap for gap in literal.gaps if gap.to_level == 2]
    assert [(gap.indicator, gap.has, gap.operator, gap.needs) for gap in to_2] == [
        ("internal_loss", "0.02", ">=", "0.03"),
        ("external_loss", "0.02", ">=", "0.023"),
    ]


@pytest.mark.parametrize("amounts", [("30000", "23000"), ("50000", "50000")])
def test_literal_level_2_with_losses_as_printed(amounts):
    assert graded({"level2_loss": "literal"}, capability=[capable("1.1")], losses=lost(*amounts)).level == 2


def test_every_policy_is_shown():
    assert graded({"sigma_method": "formula"}).to_dict()["policy"] == {
        **load_pack().policy,
        "sigma_method": "formula",
    }


@pytest.mark.parametrize(
    "argument", ["aggregation", "aggregation=mean", "mean=lowest", "min_values=1", "few_values=ten"]
)
def test_unknown_policies_are_refused(argument):
    evidence = parse_evidence(excellent())
    with pytest.raises(PolicyError, match="allowed"):
        grade(evidence, policy=Policy.parse([argument]))


def test_a_setting_changes_without_code():
    assert (
        graded({"min_values": "30"}, capability=[capable("2.5", n=29)]).indicators["cpk"].status
        == "inadmissible"
    )
    assert (
        graded({"min_values": "30"}, capability=[capable("2.5", n=30)]).indicators["cpk"].status == "measured"
    )
