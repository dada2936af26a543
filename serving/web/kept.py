"""Answers kept while the data stand as they are: each is computed once, by whoever asks first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer")
MOST = 1024
"""Answers that are kept; the one asked for longest ago goes first."""


@dataclass
class Place:
    """Where one answer stands, and who is computing it."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    filled: bool = False
    answer: Any = None


class Kept:
    """The answers of one state. Different questions never wait for each other, the same question does."""

    def __init__(self, most: int = MOST) -> None:
        """Keep up to `most` answers."""
        self._most = most
        self._guard = threading.Lock()
        self._places: OrderedDict[object, Place] = OrderedDict()

    def at_hand(self, name: object) -> Any:  # noqa: ANN401 - whatever was computed
        """Return the answer to `name` if somebody computed it, else None; never waits."""
        place = self._places.get(name)
        return place.answer if place is not None and place.filled else None

    def once(self, name: object, compute: Callable[[], Answer]) -> Answer:
        """Return the answer to `name`, computing it if nobody has; an error is not kept."""
        with self._guard:
            place = self._places.setdefault(name, Place())
            self._places.move_to_end(name)
            while len(self._places) > self._most:
                self._places.popitem(last=False)
        with place.lock:
            if not place.filled:
                place.answer, place.filled = compute(), True
            answer: Answer = place.answer
            return answer
