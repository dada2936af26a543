"""Whatever people do in whatever order: the register does what a small model does, and its chain holds."""

from typing import ClassVar

import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from features.journal import GENESIS
from features.records.schema import ITEMS
from features.self_assessment import Answer, AssessmentRefused, ChangedMeanwhile, Finding, Link, Register
from tests.features.self_assessment.conftest import TODAY

PEOPLE = ("Li", "Wang", "Zhang")
EAGER = st.sampled_from([True, True, False])
LINKS = (Link("handbook", "QM-1"),)


def attempt(act):
    """Return whether an act was allowed."""
    try:
        act()
    except AssessmentRefused:
        return False
    return True


class Model:
    """One assessment as the rules of the task have it, and nothing more."""

    def __init__(self, name, enterprise, as_of, supersedes):
        self.name, self.enterprise, self.as_of, self.supersedes = name, enterprise, as_of, supersedes
        self.state, self.version, self.answers, self.writers, self.found = "draft", 1, {}, {}, {}
        self.declarer = None

    def answer(self, answers, by):
        changed = {item: one for item, one in answers.items() if self.answers.get(item) != one}
        for item in changed:
            self.writers.setdefault(item, {})
            old = self.answers.get(item)
            for at, part in enumerate(Answer._fields):
                if old is None or old[at] != changed[item][at]:
                    self.writers[item][part] = by
        self.answers |= answers
        self.version += bool(changed)

    def others_wrote(self, items, by):
        return any(who != by for item in items for who in self.writers.get(item, {}).values())


class Assessing(RuleBasedStateMachine):
    """Three people, two enterprises, two rounds."""

    names = Bundle("names")
    engine = None
    reached: ClassVar[set[str]] = set()

    def teardown(self):
        self.reached |= {one.state for one in self.model.values()}

    def __init__(self):
        super().__init__()
        with self.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM self_assessments"))
            connection.execute(sa.text("DELETE FROM changes"))
            connection.execute(sa.text(f"UPDATE changes_head SET seq = 0, hash = '{GENESIS}'"))
        self.register, self.model, self.began = Register(self.engine), {}, {}

    @rule(
        target=names,
        enterprise=st.sampled_from(["E1", "E2"]),
        as_of=st.sampled_from(["2026-01", "2026-01", "2026-02"]),
        by=st.sampled_from(PEOPLE),
        filled=st.sampled_from([True, True, False]),
    )
    def begin(self, enterprise, as_of, by, filled):
        own = [one for one in self.model.values() if one.enterprise == enterprise]
        allowed = not any(one.state == "draft" for one in own)
        try:
            made = self.register.begin(enterprise, as_of, by)
        except AssessmentRefused:
            assert not allowed
            return multiple()
        assert allowed
        standing = [one.name for one in own if one.as_of == as_of and one.state in ("declared", "reviewed")]
        assert len(standing) <= 1
        one = self.model[made.id] = Model(made.id, enterprise, as_of, standing[0] if standing else None)
        self.began[made.id] = by
        if filled:
            answers = {item: Answer(3, "so it is", LINKS) for item in ITEMS}
            self.register.answer(made.id, answers, by)
            one.answer(answers, by)
        return made.id

    @rule(
        name=names,
        level=st.sampled_from([1, 2, 3, 5, 3, 2, 0, 6]),
        items=st.one_of(st.just(ITEMS), st.sets(st.sampled_from(ITEMS), min_size=1, max_size=2)),
        links=st.sampled_from([(), LINKS, LINKS]),
        by=st.sampled_from(PEOPLE),
        version=st.sampled_from(["none", "present", "stale"]),
    )
    def answer(self, name, level, items, links, by, version):
        one = self.model[name]
        answers = {item: Answer(level, "so it is", links) for item in items}
        sound = one.state == "draft" and 1 <= level <= 5
        mine = version == "present" or (version == "none" and not one.others_wrote(items, by))
        given_ = {"none": None, "present": one.version, "stale": one.version - 1}[version]
        allowed = sound and mine
        try:
            self.register.answer(name, answers, by, given_)
        except ChangedMeanwhile as refused:
            told = {change.subject for change in refused.changes}
            assert (mine, told) == (False, {name})
            return
        except AssessmentRefused:
            assert not sound
            return
        assert allowed
        one.answer(answers, by)

    def meant(self, name, state, eager):
        """Return the assessment of a name, or for the eager the newest one in a state that gets them on."""
        fitting = [one for one in self.model.values() if one.state == state]
        return fitting[-1] if eager and fitting else self.model[name]

    @rule(name=names, by=st.sampled_from(PEOPLE), eager=EAGER)
    def declare(self, name, by, eager):
        one = self.meant(name, "draft", eager)
        name = one.name
        whole = len(one.answers) == len(ITEMS) and all(
            a.level == 1 or a.evidence for a in one.answers.values()
        )
        allowed = one.state == "draft" and whole
        assert attempt(lambda: self.register.declare(name, by, "head", TODAY)) == allowed
        if allowed:
            one.state, one.declarer, one.version = "declared", by, one.version + 1
            if one.supersedes:
                old = self.model[one.supersedes]
                old.state, old.version = "superseded", old.version + 1

    @rule(
        name=names,
        by=st.sampled_from(PEOPLE),
        level=st.integers(1, 5),
        reason=st.sampled_from(["", "seen", "seen"]),
        eager=EAGER,
    )
    def review(self, name, by, level, reason, eager):
        one = self.meant(name, "declared", eager)
        name = one.name
        allowed = (
            one.state == "declared"
            and by not in self.wrote(one)
            and (bool(reason) or one.answers["qms"].level == level)
        )
        finding = {"qms": Finding(level, reason)}
        assert attempt(lambda: self.register.review(name, by, "Certifiers", TODAY, finding)) == allowed
        if allowed:
            one.state, one.version = "reviewed", one.version + 1
            one.found = {item: a.level for item, a in one.answers.items()} | {"qms": level}

    def wrote(self, one):
        changes = self.register.history(one.name)
        return {change.who for change in changes if change.action in ("new", "answer")} | {one.declarer}

    @rule(
        target=names,
        enterprise=st.sampled_from(["E1", "E2"]),
        by=st.sampled_from(PEOPLE),
        reviewer=st.sampled_from(PEOPLE),
    )
    def begin_declare_and_review(self, enterprise, by, reviewer):
        """The whole way at once: single acts in any order seldom find it."""
        name = self.begin(enterprise, "2026-01", by, filled=True)
        if isinstance(name, str):
            self.declare(name, by, eager=False)
            self.review(name, reviewer, 3, "", eager=False)
            return name
        return multiple()

    @rule(name=names, by=st.sampled_from(PEOPLE), sure=st.sampled_from([False, False, False, True]))
    def withdraw(self, name, by, sure):
        if not sure:
            return
        one = self.model[name]
        allowed = one.state == "draft"
        assert attempt(lambda: self.register.withdraw(name, by)) == allowed
        if allowed:
            one.state, one.version = "withdrawn", one.version + 1

    @invariant()
    def the_register_is_what_the_model_is(self):
        found = {one.id: one for one in self.register.all()}
        assert set(found) == set(self.model)
        for name, one in self.model.items():
            real = found[name]
            assert (real.state, real.version, dict(real.answers)) == (one.state, one.version, one.answers)
            assert real.supersedes == one.supersedes
            assert {
                item: f.level for item, f in (real.review.findings if real.review else {}).items()
            } == one.found
            assert real.created_by == self.began[name]

    @invariant()
    def the_history_is_whole_and_nobody_has_two_truths(self):
        assert self.register.verify().faults == ()
        for states in (("draft",), ("declared", "reviewed")):
            keys = [
                (m.enterprise, m.as_of if states != ("draft",) else "")
                for m in self.model.values()
                if m.state in states
            ]
            assert len(keys) == len(set(keys))


def test_any_order_of_acts(office):
    on_this_machine = office.settings.database_url is None
    machine = type("Here", (Assessing,), {"engine": office.register._engine, "reached": set()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12 if on_this_machine else 4,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if on_this_machine:
        assert machine.reached >= {"draft", "declared", "superseded"}, "the acts lead nowhere"
