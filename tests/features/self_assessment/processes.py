"""Processes for people who act at once or are killed: forked from one that has imported everything."""

import multiprocessing
import os
import signal
from datetime import date

from features.records.schema import ITEMS
from features.self_assessment import (
    Answer,
    AssessmentRefused,
    ChangedMeanwhile,
    Finding,
    Link,
    Register,
    acts,
    begin,
    recording,
    register,
)
from features.store import ledger

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload([__name__])
PATIENCE = 120

POINTS = {
    "inside the first transaction": (register, "write", 0, True),
    "before the records": (recording, "bring", 0, False),
    "inside the import": (ledger, "commit", 0, False),
    "after the records": (recording, "bring", 0, True),
    "inside the last transaction": (register, "write", 1, True),
    "after everything": (acts, "settle_alone", 1, True),
}
"""Where to die: module, function, which call of it, before or after it."""


def killed(settings, act, point, name):
    """Declare or review in a process that dies at `point`; return its exit code."""
    process = context.Process(target=_act_and_die, args=(settings, act, point, name))
    process.start()
    process.join(PATIENCE)
    return process.exitcode


def _act_and_die(settings, act, point, name):
    _die_at(*POINTS[point])
    with Register.open(settings) as opened:
        if act == "declare":
            acts.declare(opened, settings, name, "Li", "head", date(2026, 3, 31))
        else:
            found = {"qms": Finding(2, "less")}
            acts.review(opened, settings, name, "Zhang", "Certifiers", date(2026, 3, 31), found)


def _die_at(module, function, turn, after):
    real, turns = getattr(module, function), iter(range(1000))

    def replaced(*args, **named):
        last = next(turns) == turn
        if last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*args, **named)
        if last and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(module, function, replaced)


def at_once(settings, tasks):
    """Do the tasks (mode, who, …) at the same moment, each in a process; return what each said."""
    barrier, said = context.Barrier(len(tasks)), context.Queue()
    processes = [context.Process(target=_take_part, args=(settings, barrier, said, *task)) for task in tasks]
    for process in processes:
        process.start()
    answers = [said.get(timeout=PATIENCE) for _ in processes]
    for process in processes:
        process.join(PATIENCE)
    return answers


def _take_part(settings, barrier, said, mode, who, *rest):
    with Register.open(settings) as opened:
        barrier.wait(PATIENCE)
        try:
            _do(opened, settings, mode, who, *rest)
            said.put("done")
        except ChangedMeanwhile as overtaken:
            said.put(f"overtaken by {', '.join(sorted({change.who for change in overtaken.changes}))}")
        except AssessmentRefused:
            said.put("refused")
        except Exception as error:  # told at once: the others would wait for it
            said.put(repr(error))


def _do(opened, settings, mode, who, name="", version=None):
    links = (Link("handbook", who),)
    if mode == "same":
        opened.answer(name, {"qms": Answer(3, f"as {who} sees it", links)}, who, version)
    elif mode == "own":
        for item in ITEMS:
            opened.answer(name, {item: Answer(3, who, links)}, who)
    else:
        begin(opened, settings, "E1", "2026-02", who)
