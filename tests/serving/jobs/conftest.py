"""A queue on SQLite and on a real PostgreSQL, workers as processes, and jobs that tests steer."""

import os
import runpy
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from features.settings import Settings
from features.store.database import open_database
from serving.jobs import KINDS, State, enqueue
from serving.jobs.register import find
from tests.features.engines import postgres_schema

SITE = Path(__file__).with_name("site")
LEASE = 2.0


class Yard:
    """A queue and its workers."""

    def __init__(self, settings, folder):
        self.settings, self.folder = settings, folder
        self.engine = open_database(settings, pooled=True)

    def ask(self, tag="one", act="finish", kind="steered", who="li", key=None, **more):
        arguments = {"folder": str(self.folder), "act": act, "tag": tag, **more}
        return enqueue(self.engine, kind, arguments, who, key)

    def find(self, job):
        return find(self.engine, job.id)

    def go(self):
        (self.folder / "go").touch()

    def marks(self, what, tag="one"):
        return sorted(path.name for path in self.folder.glob(f"{tag}.{what}.*"))

    def until(self, test, seconds=150.0):
        """Wait for something; what it came to."""
        late = time.monotonic() + seconds
        while not (found := test()):
            assert time.monotonic() < late, "it never came"
            time.sleep(0.05)
        return found

    def ended(self, job):
        self.until(lambda: self.find(job).ended)
        return self.find(job)

    def began(self, tag="one", times=1):
        self.until(lambda: len(self.marks("began", tag)) >= times)

    def running(self, job):
        self.until(lambda: self.find(job).state is State.RUNNING)

    def environment(self):
        url = self.settings.database_url
        return os.environ | {
            "ZHUOYUE_HOME": str(self.settings.home),
            "ZHUOYUE_THREADS": "1",
            "ZHUOYUE_DATABASE_URL": url.get_secret_value() if url else "",
            "PYTHONPATH": str(SITE),
        }

    def start(self, *arguments, command="work", **more):
        lease = ("--lease", str(LEASE)) if command == "work" else ()
        return subprocess.Popen(
            [sys.executable, "-m", "serving", command, *lease, *arguments], env=self.environment(), **more
        )

    @contextmanager
    def worker(self, *arguments):
        """A worker as people start one."""
        process = self.start(*arguments, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)

    @contextmanager
    def server(self):
        """A server as people start one, with its worker."""
        where = ("--port", "0", "--open", "--jobs", "1")
        process = self.start(*where, command="serve", stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@pytest.fixture(scope="session", autouse=True)
def steered_kinds():
    """The kinds that worker processes get from `site/sitecustomize.py`, here too."""
    before = dict(KINDS)
    runpy.run_path(str(SITE / "sitecustomize.py"))
    yield
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture(params=["sqlite", "postgresql"])
def yard(request, tmp_path):
    (tmp_path / "marks").mkdir()
    if request.param == "sqlite":
        made = Yard(Settings(home=tmp_path / "home", threads=1), tmp_path / "marks")
        yield made
        made.engine.dispose()
        return
    with postgres_schema() as url:
        made = Yard(Settings(home=tmp_path / "home", threads=1, database_url=url), tmp_path / "marks")
        yield made
        made.engine.dispose()
