"""`zhuoyue serve` as it is run: workers that die are replaced, a stop cuts nobody off, counts are of all."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from serving.web.running import supervisor
from serving.web.running.supervisor import Child, Supervisor, WorkerFailedError
from tests.serving.test_serve import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def workers(process: subprocess.Popen) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [
        int(pid)
        for pid in tasks
        if b"serving.web.running.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def until(condition, seconds: float = 40.0):
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to that in time")


def test_workers_are_replaced_counts_stay_and_none_outlives_the_supervisor(tmp_path):
    with serving(tmp_path, "--workers", "2", "--jobs", "0", "--open") as (process, url):
        first = until(lambda: len(found := workers(process)) == 2 and found)
        assert httpx.get(f"{url}/readyz", timeout=60).status_code == 200
        for _ in range(20):
            httpx.get(f"{url}/healthz", timeout=60)
        os.kill(first[0], signal.SIGKILL)
        for _ in range(20):  # the other one, or the port's queue, takes them
            assert httpx.get(f"{url}/healthz", timeout=60).status_code == 200
        until(lambda: len(workers(process)) == 2 and first[0] not in workers(process))
        text = httpx.get(f"{url}/metrics", timeout=60).text
        counted = 'zhuoyue_requests_total{method="GET",route="/healthz",status="200"} 40.0'
        assert counted in text
        last = workers(process)
        process.kill()
        until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() and _alive(pid) for pid in last))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_stop_under_load_answers_everything_that_was_asked(tmp_path):
    """Each client opens a connection, asks, and reads to the end; who cannot connect any more stops."""
    answered, cut = [], []

    def ask_on(url: str) -> None:
        while True:
            try:
                answer = httpx.get(f"{url}/api/v1/enterprises", timeout=30)
            except httpx.ConnectError:
                return
            except httpx.HTTPError as error:
                cut.append(repr(error))
                return
            answered.append(answer.status_code)

    with serving(tmp_path, "--workers", "2", "--jobs", "0", "--open") as (process, url):
        httpx.get(f"{url}/api/v1/enterprises", timeout=60)
        clients = [threading.Thread(target=ask_on, args=(url,)) for _ in range(8)]
        for client in clients:
            client.start()
        until(lambda: len(answered) > 40)
        process.terminate()
        assert process.wait(timeout=30) == 0
        for client in clients:
            client.join()
        errors = process.stderr.read()
    assert cut == []
    assert set(answered) == {200}
    assert "Traceback" not in errors


def test_a_worker_that_cannot_start_ends_it_with_a_message(monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.02)
    with pytest.raises(WorkerFailedError, match="'web' ended 5 times at its start, the last time with 3"):
        Supervisor([Child("web", (sys.executable, "-c", "exit(3)"))]).run()


def test_a_child_that_does_not_end_is_killed(monkeypatch):
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1); time.sleep(60)"
    found = Supervisor([Child("stubborn", (sys.executable, "-uc", stubborn))], grace=0.5)
    began = time.monotonic()
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    found.run()
    assert time.monotonic() - began < 20
