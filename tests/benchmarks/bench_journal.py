"""The journal with 100 000 entries: issuing grades, listing, counting, checking; argument: a database URL."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from features import journal
from features.settings import Settings
from features.store.database import open_database, snapshot
from serving.journal.issuing import issue
from serving.journal.listing import count, listed
from serving.journal.wanted import Sight, Wanted

ENTERPRISES, WINDOWS = 10_000, 10
ALL = Sight(everything=True)


def answers(window: int) -> list[dict[str, object]]:
    """Grades of all enterprises on one window, shaped as the rules answer."""
    return [
        {
            "enterprise_id": f"E{number:05d}",
            "window": {"start": f"2025-{window:02d}", "end": f"2026-{window:02d}"},
            "level": number % 5 + 1,
            "status": "final",
            "at_most": number % 5 + 1,
            "evidence_sha256": f"{number * 100 + window:064x}",
            "pack": {"id": "miit-2023-249", "sha256": "0" * 64},
            "policy": {},
        }
        for number in range(ENTERPRISES)
    ]


def timed(what: str, act: Callable[[], object], times: int = 1) -> None:
    """Print how long it took, the best of several, and how much of that this process computed."""
    took, computed = [], []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        act()
        took.append(time.perf_counter() - began)
        computed.append(time.process_time() - worked)
    print(f"{what:<52} {min(took) * 1000:9.1f} ms {min(computed) * 1000:9.1f} ms CPU")


def main() -> None:
    """Fill a journal and ask it."""
    with tempfile.TemporaryDirectory() as home:
        url = sys.argv[1] if len(sys.argv) > 1 else None
        engine = open_database(Settings(home=Path(home), database_url=url))
        first = answers(1)
        timed("issue 10 000 grades", lambda: issue(engine, first))
        timed("issue them again: nothing new", lambda: issue(engine, first), 3)
        for window in range(2, WINDOWS + 1):
            issue(engine, answers(window))
        with snapshot(engine) as connection:
            region = frozenset(f"E{number:05d}" for number in range(0, ENTERPRISES, 3))
            seen = Sight(everything=False, numbers=region)
            for name, sight in (("everything", ALL), ("a region of 3 334", seen)):
                timed(
                    f"newest 100 of 100 000, {name}", lambda s=sight: listed(connection, Wanted(), s, 100), 3
                )
                timed(f"count them, {name}", lambda s=sight: count(connection, Wanted(), s), 3)
            one = Wanted(enterprise="E05000")
            timed("entries of one enterprise", lambda: listed(connection, one, ALL, 100), 3)
            timed("check the whole chain", lambda: journal.verify(connection))
        engine.dispose()


if __name__ == "__main__":
    main()
