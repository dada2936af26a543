"""The readings side by side: which give another level, by which policies and by which indicators."""

import pytest
from hypothesis import HealthCheck, given, settings

from qm_rules import Policy, grade, load_pack, parse_evidence
from qm_rules.comparison import comparison, least_departures, readings
from tests.qm_rules.evidences import capable, delivered, evidences, excellent, lost

PACK = load_pack()
CAREFUL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compared(policy=None, **changes):
    return readings(parse_evidence(excellent(**changes)), PACK, Policy(**(policy or {})))


def by(found, **policy):
    return next(
        reading
        for reading in found
        if reading.policy == {**found[0].policy, **policy} and set(reading.departs) == set(policy)
    )


def test_nothing_changes_what_is_excellent():
    found = compared()
    assert len(found) == 12
    assert not any(reading.changed for reading in found)
    assert least_departures(found) == []


def test_the_formula_changes_what_lies_between_the_tables():
    reading = by(compared(deliveries=delivered(34, 10**7)), sigma_method="formula")
    assert (reading.changed, reading.decisive, reading.changed_by) == (True, ("sigma_method",), ("sigma",))


def test_the_hole_is_literally_by_the_losses():
    found = compared(capability=[capable("1.1")], losses=lost("20000", "20000"))
    reading = by(found, level2_loss="literal")
    assert reading.grade.level == 1
    assert reading.changed_by == ("internal_loss", "external_loss")


def test_another_aggregation_changes_by_what_binds_then():
    management = {**excellent()["management"], "qms": 2, "culture": 4}
    reading = by(compared(management=management), aggregation="lower_median")
    assert (reading.grade.level, reading.changed_by) == (4, ("culture",))


def test_a_departure_that_does_not_matter_is_not_named():
    management = {**excellent()["management"], "qms": 2}
    found = compared(management=management)
    both = by(found, aggregation="performance_only", sigma_method="formula")
    assert both.changed
    assert both.decisive == ("aggregation",)
    assert [reading.departs for reading in least_departures(found)] == [("aggregation",)] * 2


def test_two_departures_that_matter_only_together():
    """σ is level 3 as printed and 4 by formula, but the qms of 3 holds the lowest of the four."""
    management = {**excellent()["management"], "qms": 3}
    found = compared(management=management, deliveries=delivered(231, 10**6))
    assert not by(found, sigma_method="formula").changed
    assert not by(found, aggregation="performance_only").changed
    both = by(found, aggregation="performance_only", sigma_method="formula")
    assert (both.grade.level, both.decisive) == (4, ("aggregation", "sigma_method"))
    assert both.changed_by == ("sigma",)


@CAREFUL
@given(evidences())
def test_what_is_marked_is_what_changes(document):
    evidence = parse_evidence(document)
    found = readings(evidence, PACK, Policy())
    for reading in found:
        again = grade(evidence, policy=Policy(**reading.policy))
        assert again.at_most == reading.grade.at_most
        assert reading.changed is (again.at_most != found[0].grade.at_most)
        assert bool(reading.decisive) is reading.changed
        assert set(reading.decisive) <= set(reading.departs)
        if reading.changed:  # the decisive departures alone give this level
            alone = {name: reading.policy[name] for name in reading.decisive}
            assert grade(evidence, policy=Policy(**alone)).at_most == reading.grade.at_most
    levels = {reading.grade.at_most for reading in found if reading.changed}
    assert {reading.grade.at_most for reading in least_departures(found)} == levels


def test_the_answer_says_it_too():
    found = comparison(parse_evidence(excellent(deliveries=delivered(34, 10**7))), PACK, Policy())["readings"]
    changed = [reading for reading in found if reading["changed"]]
    assert len(changed) == 4  # the lower median of 4 5 5 5 is 5 all the same
    assert all(reading["changed_by"] == ["sigma"] for reading in changed)
    assert all(reading["decisive"] == ["sigma_method"] for reading in changed)


@pytest.mark.parametrize("notes", [(), ({"code": "uninspected_process", "indicator": "ftq"},)])
def test_notes_of_records_are_carried_along(notes):
    found = readings(parse_evidence(excellent()), PACK, Policy(), notes)
    assert all(reading.grade.notes == notes for reading in found)
