"""`zhuoyue serve`: light at start, plain about a port in use, graceful at the end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from serving.web.running import server

HEAVY = {"mlflow", "shap", "sklearn", "lightgbm", "matplotlib", "pyspark"}


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start `zhuoyue serve` on a free port; yields the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "serving", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"ZHUOYUE_HOME": str(home)},
    )
    try:
        first = process.stderr.readline()
        yield process, re.search(r"http://[^ ]+:\d+", first).group()
    finally:
        process.kill()
        process.communicate()


def test_starting_loads_nothing_that_trains_models(full_home):
    """Also after a page was asked for: forecasts are read, not computed."""
    code = f"""
import sys, json
from features.settings import Settings
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
app = create_app(Settings(home={str(full_home.home)!r}), open_to=LOCAL_ADMINISTRATOR)
at_start = set(sys.modules)
from fastapi.testclient import TestClient
with TestClient(app) as client:
    for path in ("/", "/enterprises/E0001", "/api/v1/enterprises/E0001/drivers"):
        assert client.get(path).status_code == 200, path
print(json.dumps([sorted(at_start), sorted(sys.modules)]))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    at_start, later = (set(names) for names in json.loads(answer.stdout))
    assert not at_start & (HEAVY | {"pandas", "scipy", "duckdb", "sqlalchemy", "plotly"})
    assert "duckdb" in later
    assert not later & HEAVY


def test_it_listens_on_this_machine_only_and_stops_gracefully(tmp_path):
    with serving(tmp_path) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{url}/healthz", timeout=30).status_code == 200
        assert httpx.get(f"{url}/healthz", headers={"host": "evil.example"}).status_code == 400
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) in {0, 130}
        assert "Traceback" not in process.stderr.read()


def test_sigterm_ends_it_too(tmp_path):
    with serving(tmp_path) as (process, url):
        assert httpx.get(f"{url}/readyz", timeout=30).status_code == 200
        process.terminate()
        assert process.wait(timeout=20) in {0, -signal.SIGTERM}
        assert "Traceback" not in process.stderr.read()


def test_a_port_in_use_is_said_plainly(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "-m", "serving", "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            env=os.environ | {"ZHUOYUE_HOME": str(tmp_path)},
            check=False,
        )
    assert answer.returncode == 1
    assert f"port {port} on 127.0.0.1 is in use" in answer.stderr
    assert "--port" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_small_answers_do_not_wait_for_each_other():
    """Asyncio only turns Nagle's algorithm off on sockets that name their protocol."""
    with server.listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_said_plainly(host):
    with pytest.raises(server.CannotListenError, match=f"cannot listen on {re.escape(host)}"):
        server.listen(host, 0)


def test_a_privileged_port_says_what_to_do():
    error = OSError(13, "Permission denied")
    assert "above 1023" in server._why(error, "127.0.0.1", 80)


def test_ports_outside_the_range_are_bad_input():
    answer = subprocess.run(
        [sys.executable, "-m", "serving", "serve", "--port", "70000"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
