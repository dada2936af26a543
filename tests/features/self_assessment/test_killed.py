"""Whoever is killed between the steps loses and duplicates nothing; the next command takes the rest."""

import signal

import pytest

from features.records.schema import ITEMS
from features.self_assessment import Finding, settle
from tests.features.self_assessment.processes import killed

POINTS = {
    "inside the first transaction": False,
    "before the records": True,
    "inside the import": True,
    "after the records": True,
    "inside the last transaction": True,
    "after everything": True,
}
"""Whether the act was acknowledged by the state database before the end."""


@pytest.mark.parametrize("point", POINTS)
def test_declaring_killed_at(embedded, point):
    name = embedded.filled(3)
    assert killed(embedded.settings, "declare", point, name) == -signal.SIGKILL
    there(embedded, name, declared=POINTS[point])


@pytest.mark.parametrize("point", ["before the records", "after the records"])
def test_on_either_database(office, point):
    name = office.filled(3)
    assert killed(office.settings, "declare", point, name) == -signal.SIGKILL
    there(office, name, declared=True)


@pytest.mark.parametrize("point", ["inside the first transaction", "before the records", "after the records"])
def test_reviewing_killed_at(embedded, point):
    name = embedded.filled(3)
    embedded.declare(name)
    assert killed(embedded.settings, "review", point, name) == -signal.SIGKILL
    state = "reviewed" if POINTS[point] else "declared"
    assert embedded.register.get(name).state == state
    settle(embedded.register, embedded.settings)
    assert len(embedded.records()) == (2 if POINTS[point] else 1) * len(ITEMS)
    if state == "declared":
        embedded.review(name, {"qms": Finding(2, "less")})
    assert {
        source: sum(key[0] == source for key in embedded.records()) for source in ("self", "third_party")
    } == {
        "self": len(ITEMS),
        "third_party": len(ITEMS),
    }


def there(office, name, *, declared):
    """After the kill: what was acknowledged stands; after the next command the records have it, once."""
    assert office.register.get(name).state == ("declared" if declared else "draft")
    assert office.register.verify().faults == ()
    settle(office.register, office.settings)
    rows = [row["level"] for row in office.records().values()]
    assert rows == ([3] * len(ITEMS) if declared else [])
    if not declared:
        office.declare(name)
    done, history = office.register.get(name), office.register.history(name)
    assert (done.recorded, settle(office.register, office.settings)) == (("self",), [])
    assert office.register.history(name) == history
    assert len(office.records()) == len(ITEMS)


def test_a_correction_of_the_same_day_is_not_undone_by_catching_up(embedded):
    """The declaration was interrupted before the records; its correction comes first to bring it there."""
    first = embedded.filled(3)
    assert killed(embedded.settings, "declare", "before the records", first) == -signal.SIGKILL
    second = embedded.filled(2)
    embedded.declare(second)
    assert settle(embedded.register, embedded.settings) == []
    assert {row["level"] for row in embedded.records().values()} == {2}
    assert {row["note"].split(":")[0] for row in embedded.records().values()} == {second}
