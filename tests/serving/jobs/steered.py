"""A job that tests steer by files: it says when it begins and ends, and goes on when it is told to."""

import os
import signal
import time
from pathlib import Path

from serving.jobs.task import JobRefused


def run(task, arguments):
    """Write `<tag>.began.<attempt>`, do what is asked, write `<tag>.ended.<attempt>`."""
    folder, tag = Path(arguments.folder), arguments.tag
    mark = f"{task.job.attempt}.{os.getpid()}"
    (folder / f"{tag}.began.{mark}").touch()
    try:
        ACTS[arguments.act](task, folder)
    finally:
        (folder / f"{tag}.ended.{mark}").touch()
    return {"tag": tag, "threads": os.environ["OMP_NUM_THREADS"]}


def wait(task, folder):
    """Until the test says so."""
    step = 0
    while not (folder / "go").exists():
        step += 1
        task.tell("waiting", step, 1000)
        time.sleep(0.05)


def deaf(_task, folder):
    """Does not heed being told to stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wait(_task, folder)


def die(_task, _folder):
    """As if the system killed it for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail(_task, _folder):
    """A fault of ours."""
    raise RuntimeError("the cupboard is bare")


def refuse(_task, _folder):
    """Something that cannot be done."""
    raise JobRefused("there is nothing to do it with", {"wanted": 3})


ACTS = {
    "finish": lambda task, _: task.tell("done", 1, 1),
    "wait": wait,
    "deaf": deaf,
    "die": die,
    "fail": fail,
    "refuse": refuse,
}
