"""What knowing who asks costs a request: the middleware alone, beside one that lets everybody in.

python tests/benchmarks/bench_access.py
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from features.settings import Settings
from features.store.database import open_database
from serving.access import EVERYTHING, LOCAL_ADMINISTRATOR, Role
from serving.access.accounts import Accounts
from serving.access.desk import Desk
from serving.access.keys import Keys
from serving.access.sessions import Sessions
from serving.access.settings import AccessSettings
from serving.web.people.signing_in import SignIn

REQUESTS, LOOKS = 50_000, 200


async def nothing(scope, receive, send):
    """An application that does not answer."""


def asked(*headers):
    usual = [(b"host", b"localhost"), (b"accept", b"*/*"), (b"user-agent", b"x" * 80)]
    return {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/enterprises",
        "scheme": "http",
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [*usual, *headers],
    }


async def microseconds(app, *headers):
    began = time.perf_counter()
    for _ in range(REQUESTS):
        await app(asked(*headers), None, None)
    return 1e6 * (time.perf_counter() - began) / REQUESTS


async def main():
    with tempfile.TemporaryDirectory() as home:
        engine = open_database(Settings(home=Path(home)), pooled=True)
        user = Accounts(engine).add(
            "li", [Role.ENGINEER], EVERYTHING, "bench", password="correct horse battery", must_change=False
        )
        key = Keys(engine).make_for_machine("bench", [Role.ENGINEER], EVERYTHING, "bench")
        session = Sessions(engine).begin(user, "", "", int(time.time()))
        desk = Desk(lambda: engine)
        signed = SignIn(nothing, desk, AccessSettings(reads_per_minute=10_000_000))
        free = SignIn(nothing, desk, AccessSettings(), open_to=LOCAL_ADMINISTRATOR)
        plain = await microseconds(free)
        for name, header in (
            ("an API key", (b"authorization", f"Bearer {key}".encode())),
            ("a session", (b"cookie", f"zhuoyue={session}".encode())),
        ):
            print(
                f"{name}: {await microseconds(signed, header) - plain:.0f} µs a request above {plain:.0f} µs"
            )
        looked = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            desk.look_up(key, "")
            looked.append(1e3 * (time.perf_counter() - began))
        print(f"asking the database, once in three seconds a key: {statistics.median(looked):.2f} ms")
        engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
