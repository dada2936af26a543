"""Several people at once, each in a process of their own: nobody overwrites anybody unseen."""

from collections import Counter

import pytest
import sqlalchemy as sa

from features.records.schema import ITEMS
from features.self_assessment import Answer, ChangedMeanwhile, Link
from features.store.database import open_database
from tests.features.self_assessment.processes import at_once


@pytest.mark.parametrize("seen", [True, False])
def test_of_editors_of_one_item_one_wins_and_the_others_learn_who(office, seen):
    name, version = office.begin(), 1 if seen else None
    said = at_once(office.settings, [("same", who, name, version) for who in ("Ma", "Mi", "Mo")])
    found, history = office.register.get(name), office.register.history(name)
    winner = found.answers["qms"].evidence[0].link
    assert Counter(said) == {"done": 1, f"overtaken by {winner}": 2}
    assert found.version == 2
    assert {change.who for change in history if change.version == 2} == {winner}
    assert office.register.verify().faults == ()


def test_the_second_is_told_who_changed_what_when(embedded):
    name = embedded.begin()
    links = (Link("handbook", "QM-1"),)
    embedded.register.answer(name, {"qms": Answer(3, "as seen", links)}, "Li", version=1)
    with pytest.raises(ChangedMeanwhile) as refused:
        embedded.register.answer(name, {"data": Answer(2, "as seen", links)}, "Wang", version=1)
    when = refused.value.changes[0].at
    assert str(refused.value).splitlines()[:2] == [
        f"{name}: found version 1; allowed: 2, the present one",
        f"  version 2, {when}, Li: qms.level None → 3",
    ]
    embedded.register.answer(name, {"data": Answer(2, "as seen", links)}, "Wang", version=2)
    with pytest.raises(ChangedMeanwhile, match=r"somebody else answered already.*--version 3"):
        embedded.register.answer(name, {"qms": Answer(2, "no", links)}, "Wang")
    assert embedded.register.answer(name, {"qms": Answer(2, "no", links)}, "Wang", version=3).version == 4


def test_of_people_who_begin_one_draft_one_does(office):
    assert Counter(at_once(office.settings, [("begin", "Ma"), ("begin", "Mi")])) == {"done": 1, "refused": 1}
    assert office.register.count() == 1


def imported(settings) -> list[str]:
    """What the journal says of imports, which stand in the same chain."""
    engine = open_database(settings)
    with engine.connect() as connection:
        query = sa.text("SELECT hash FROM changes WHERE subject LIKE 'import:%'")
        found = list(connection.execute(query).scalars())
    engine.dispose()
    return found


def test_acts_on_different_assessments_all_get_through_and_the_chain_holds(office):
    names = [office.begin("E1"), office.begin("E2")]
    assert at_once(office.settings, [("own", "Ma", name) for name in names]) == ["done", "done"]
    assert [len(office.register.get(name).answers) for name in names] == [len(ITEMS)] * 2
    verdict = office.register.verify()
    assert verdict.faults == ()
    told = sum(len(office.register.history(name)) for name in names)
    assert verdict.rows == told + len(imported(office.settings))
