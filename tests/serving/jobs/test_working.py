"""Jobs done by real workers, which are killed, stopped and told to cancel in the middle of them."""

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from serving.jobs import State, leasing, register


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def pid_of(mark):
    return int(mark.rpartition(".")[2])


BOTH = pytest.mark.parametrize("yard", ["sqlite", "postgresql"], indirect=True)
MOSTLY_SQLITE = pytest.mark.parametrize(
    "yard", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


@BOTH
def test_ends_progress_and_cancelling_under_one_worker(yard):
    """Every end is told in words; a job that kills its process is given up; the worker stays small."""
    done, failed, refused = yard.ask("a"), yard.ask("b", "fail"), yard.ask("c", "refuse")
    long, dying = yard.ask("d", "wait"), yard.ask("e", "die")
    with yard.worker("--jobs", "3") as process:
        seen = yard.until(lambda: (found := yard.find(long)).done and found)
        assert (seen.stage, seen.total, seen.state) == ("waiting", 1000, State.RUNNING)
        assert register.cancel(yard.engine, long.id, "li").cancelling
        assert yard.ended(long).state is State.CANCELLED
        assert len(yard.marks("ended", "d")) == 1, "the work itself was told and could tidy up"
        assert yard.ended(done).result == {"tag": "a", "threads": "1"}
        assert "RuntimeError: the cupboard is bare" in yard.ended(failed).error
        assert yard.ended(refused).error == "there is nothing to do it with"
        assert "died 3 times" in yard.ended(dying).error
        assert resident(process.pid) < 110, "an idle worker is small"
        assert not heavy(process.pid)
    assert [yard.find(job).state for job in (done, failed, refused)] == ["done", "failed", "failed"]
    assert yard.find(refused).result == {"wanted": 3}
    assert len(yard.marks("began", "e")) == leasing.MOST_DEATHS


def resident(pid):
    """Megabytes in memory."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024


def heavy(pid):
    maps = Path(f"/proc/{pid}/maps").read_text()
    return [name for name in ("lightgbm", "sklearn", "pyarrow", "duckdb", "numpy") if f"/{name}" in maps]


@MOSTLY_SQLITE
def test_a_job_that_does_not_heed_is_cancelled_by_force(yard):
    job = yard.ask(act="deaf")
    with yard.worker():
        yard.began()
        register.cancel(yard.engine, job.id, "li")
        assert yard.ended(job).state is State.CANCELLED
        (mark,) = yard.marks("began")
        yard.until(lambda: not alive(pid_of(mark)))


@BOTH
def test_a_killed_worker_takes_its_jobs_with_it_and_another_begins_them_again(yard):
    job = yard.ask(act="wait")
    first = yard.start(stderr=subprocess.DEVNULL)
    yard.began()
    (mark,) = yard.marks("began")
    time.sleep(1.5)  # a job that has beaten once is missed sooner than one that is still starting
    first.kill()
    first.wait()
    yard.until(lambda: not alive(pid_of(mark)))
    with yard.worker():
        yard.began(times=2)
        assert len([mark for mark in yard.marks("began") if alive(pid_of(mark))]) == 1
        yard.go()
        assert yard.ended(job).state is State.DONE
    assert (yard.find(job).attempt, yard.find(job).deaths) == (2, 1)


@MOSTLY_SQLITE
def test_a_worker_that_is_stopped_gives_its_jobs_back_at_once(yard):
    job = yard.ask(act="wait")
    with yard.worker():
        yard.began()
    assert yard.find(job).state is State.QUEUED
    assert yard.find(job).deaths == 0


def stop_between_writes(yard, pid):
    """Stop a process; on SQLite not while it writes: then nobody could, until it goes on."""
    os.kill(pid, signal.SIGSTOP)
    while yard.engine.dialect.name == "sqlite" and writes(yard.settings.home / "state.db"):
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.1)
        os.kill(pid, signal.SIGSTOP)


def writes(file):
    with closing(sqlite3.connect(file, timeout=2.0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
    return False


@MOSTLY_SQLITE
def test_a_worker_that_slept_through_its_lease_changes_nothing(yard):
    """The process is stopped, as a suspended host is; meanwhile another one does the job."""
    job = yard.ask(act="wait")
    with yard.worker():
        yard.began()
        (mark,) = yard.marks("began")
        stop_between_writes(yard, pid_of(mark))
        yard.began(times=2)
        os.kill(pid_of(mark), signal.SIGCONT)
        yard.until(lambda: not alive(pid_of(mark)))
        yard.go()
        assert yard.ended(job).attempt == 2
    assert len(yard.marks("ended")) == 1


@MOSTLY_SQLITE
def test_two_workers_never_do_one_job_twice_nor_two_of_one_lane_together(yard):
    jobs = [yard.ask(f"s{n}", kind="single") for n in range(3)] + [yard.ask(f"f{n}") for n in range(3)]
    with yard.worker("--jobs", "2"), yard.worker("--jobs", "2"):
        for job in jobs:
            assert yard.ended(job).state is State.DONE
    spans = [(yard.find(job).started_at, yard.find(job).finished_at) for job in jobs[:3]]
    for (_, before), (after, _) in zip(sorted(spans), sorted(spans)[1:], strict=False):
        assert before <= after
    assert all(len(yard.marks("began", f"{letter}{n}")) == 1 for letter in "sf" for n in range(3))


@MOSTLY_SQLITE
def test_a_killed_server_takes_its_worker_with_it_and_the_next_goes_on(yard):
    """`zhuoyue serve` is killed outright: worker and job end too, the job is begun again after a restart."""
    job = yard.ask(act="wait")
    with yard.server() as server:
        yard.began()
        (mark,) = yard.marks("began")
        server.kill()
        server.wait()
        yard.until(lambda: not alive(pid_of(mark)))
        yard.until(lambda: yard.find(job).state is State.QUEUED)
    with yard.server():
        yard.began(times=2)
        yard.go()
        assert yard.ended(job).state is State.DONE
    assert (yard.find(job).attempt, yard.find(job).deaths) == (2, 0)
