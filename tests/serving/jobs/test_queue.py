"""The queue without workers: order, lanes, keys, leases, cancelling, and what the journal has of it."""

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from features import journal
from serving.access import LOCAL_ADMINISTRATOR, Person, Role, Scope
from serving.jobs import KINDS, State, enqueue, leasing, register, sweeping
from serving.jobs.refusals import JobEndedError, TooManyJobsError, UnknownJobError, UnknownKindError
from serving.jobs.table import JOBS
from serving.jobs.task import folder_of


def take(yard, lease=60.0):
    return leasing.take(yard.engine, "worker", lease)


def test_turns_go_round_by_person(yard):
    for tag in ("a", "b", "c"):
        yard.ask(tag, who="li")
    yard.ask("d", who="wang")
    order = []
    while job := take(yard):
        order.append(job.arguments["tag"])
        leasing.end(yard.engine, job, State.DONE)
    assert order == ["a", "d", "b", "c"]


def test_one_of_a_lane_at_a_time_and_others_pass_it(yard):
    for tag in ("a", "b"):
        yard.ask(tag, kind="single")
    yard.ask("c")
    assert [take(yard).arguments["tag"] for _ in range(2)] == ["a", "c"]
    assert take(yard) is None


def test_the_database_itself_refuses_two_of_a_lane(yard):
    yard.ask("a", kind="single")
    yard.ask("b", kind="single")
    take(yard)
    with pytest.raises(sa.exc.IntegrityError), yard.engine.begin() as connection:
        connection.execute(sa.update(JOBS).values(state="running"))


def test_jobs_of_a_key_wait_as_one_and_a_running_one_takes_no_more(yard):
    first = yard.ask("a", key="outlook")
    assert yard.ask("b", key="outlook").id == first.id
    take(yard)
    assert yard.ask("c", key="outlook").id != first.id


def test_publishing_is_one_job_whoever_asks(yard):
    assert enqueue(yard.engine, "publish", {}, "li").id == enqueue(yard.engine, "publish", {}, "wang").id


def test_a_lease_is_renewed_and_told_of_cancelling(yard):
    yard.ask()
    job = take(yard)
    assert leasing.beat(yard.engine, job, leasing.Progress("half", 1, 2), 60) is False
    assert (yard.find(job).stage, yard.find(job).done) == ("half", 1)
    register.cancel(yard.engine, job.id, "wang")
    assert leasing.beat(yard.engine, job, leasing.Progress(), 60) is True


def test_nothing_is_written_under_an_older_start(yard):
    yard.ask()
    old = take(yard, lease=-99.0)
    assert [job.id for job in leasing.expired(yard.engine)] == [old.id]
    leasing.bury(yard.engine, old, expired=True)
    new = take(yard)
    assert (new.attempt, new.deaths) == (2, 1)
    assert leasing.beat(yard.engine, old, leasing.Progress(), 60) is None
    assert not leasing.end(yard.engine, old, State.FAILED, error="too late")
    leasing.give_back(yard.engine, old)
    assert yard.find(new).state is State.RUNNING


def test_a_lease_that_was_renewed_in_time_is_not_buried(yard):
    yard.ask()
    job = take(yard, lease=-99.0)
    leasing.beat(yard.engine, job, leasing.Progress(), 60)
    leasing.bury(yard.engine, job, expired=True)
    assert yard.find(job).state is State.RUNNING


def test_a_job_whose_process_died_while_it_was_cancelled_is_cancelled(yard):
    job = yard.ask()
    take(yard)
    register.cancel(yard.engine, job.id, "li")
    leasing.bury(yard.engine, yard.find(job))
    assert yard.find(job).state is State.CANCELLED


def test_waiting_jobs_are_cancelled_at_once_and_ended_ones_never(yard):
    job = yard.ask()
    assert register.cancel(yard.engine, job.id, "li").state is State.CANCELLED
    assert take(yard) is None
    with pytest.raises(JobEndedError, match="cancelled"):
        register.cancel(yard.engine, job.id, "li")
    with pytest.raises(UnknownJobError):
        register.cancel(yard.engine, "nobody", "li")


def test_what_cannot_be_is_refused(yard, monkeypatch):
    with pytest.raises(UnknownKindError, match="allowed: import, publish"):
        enqueue(yard.engine, "dance", {}, "li")
    with pytest.raises(ValidationError):
        enqueue(yard.engine, "train", {"refits": 0}, "li")
    with pytest.raises(ValidationError):
        enqueue(yard.engine, "train", {"colour": "red"}, "li")
    monkeypatch.setattr(register, "MOST_WAITING", 2)
    yard.ask("a")
    yard.ask("b")
    with pytest.raises(TooManyJobsError, match="2 jobs of li"):
        yard.ask("c")
    yard.ask("d", who="wang")


def test_the_journal_has_every_act(yard):
    job = yard.ask()
    leasing.end(yard.engine, take(yard), State.FAILED, error="no")
    with yard.engine.connect() as connection:
        told = journal.history(connection, f"job:{job.id}", after=-1)
        assert not journal.verify(connection).faults
    assert [(one.action, one.field) for one in told] == [
        ("asked", "kind"),
        ("asked", "arguments"),
        ("failed", "kind"),
        ("failed", "error"),
    ]


def test_who_sees_a_job(yard):
    roles = KINDS["train"].roles
    mine, train = yard.ask(who="li"), enqueue(yard.engine, "train", {}, "li")
    one = yard.ask(enterprise_id="E1", who="li")
    li, wang = (Person(name, frozenset({Role.ENGINEER}), Scope()) for name in ("li", "wang"))
    zhao = Person("zhao", frozenset({Role.SCIENTIST}), Scope())
    seen = {
        person.name: [job.seen_by(person, roles) for job in (mine, train, one)]
        for person in (li, wang, LOCAL_ADMINISTRATOR)
    }
    assert seen == {"li": [True] * 3, "wang": [False] * 3, "local": [True] * 3}
    assert train.seen_by(zhao, roles)
    assert not one.seen_by(zhao, roles)


def test_old_jobs_go_with_their_files(yard):
    old, new = yard.ask("a"), yard.ask("b")
    for _ in range(2):
        leasing.end(yard.engine, take(yard), State.DONE)
    for job in (old, new):
        folder_of(yard.settings, job.id).mkdir(parents=True)
    folder_of(yard.settings, "nobody").mkdir()
    with yard.engine.begin() as connection:
        late = JOBS.c.finished_at - 91 * 86_400
        connection.execute(sa.update(JOBS).where(JOBS.c.id == old.id).values(finished_at=late))
    assert sweeping.sweep(yard.engine, yard.settings) == 1
    assert [job.id for job in register.listed(yard.engine)[0]] == [new.id]
    assert [path.name for path in folder_of(yard.settings, new.id).parent.iterdir()] == [new.id]
