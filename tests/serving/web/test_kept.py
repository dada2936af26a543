"""Kept answers: computed once, together, never in each other's way, never more than fit."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from serving.web.kept import Kept


def test_many_who_ask_at_once_compute_once():
    kept, computed = Kept(), []

    def compute() -> int:
        computed.append(1)
        sleep(0.05)
        return 7

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: kept.once("x", compute), range(8)))
    assert answers == [7] * 8
    assert len(computed) == 1


def test_another_question_does_not_wait():
    kept, started, go_on = Kept(), threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        assert go_on.wait(10)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(kept.once, "slow", slow)
        assert started.wait(10)
        assert kept.once("quick", lambda: "quick") == "quick"
        go_on.set()
        assert waiting.result() == "slow"


def test_an_answer_may_need_another():
    kept = Kept()
    assert kept.once("a", lambda: kept.once("b", lambda: 1) + 1) == 2


def test_an_error_is_not_kept():
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.once("x", lambda: 1 / 0)
    assert kept.once("x", lambda: 5) == 5


def test_nothing_is_an_answer_too():
    kept, computed = Kept(), []
    for _ in range(3):
        assert kept.once("x", lambda: computed.append(1)) is None
    assert len(computed) == 1


def test_the_oldest_answer_goes_first():
    kept, computed = Kept(most=2), []
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.once(name, lambda name=name: computed.append(name))
    assert computed == ["a", "b", "c", "b"]
