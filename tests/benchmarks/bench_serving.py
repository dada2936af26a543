"""Reading forecasts with their drivers against `mlflow models serve`, latency at a steady rate, and pages.

    python tests/benchmarks/bench_serving.py [--enterprises 60] [--months 48] [--seconds 8] [--rounds 3]
                                             [--workers 2] [--rate 200] [--browser]

A simulated province is trained through MLflow and published by the product's own path; then both servers run
on this machine at the same time and are asked in turns, so that a noisy neighbour meets both. One request is
one enterprise: `mlflow models serve` gets its last row and answers all targets and horizons with quantiles,
ours answers the same rows *and* what moves them (`/api/v1/enterprises/X/forecasts?drivers=true`), with an
API key. Every enterprise is asked for in turn. The load is a process of its own on the same two cores.
`steady` is an open loop: latency counts from the moment at which a request was due. Never fails on time.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import numpy as np

CONNECTIONS = 8
THEIRS, OURS = "mlflow models serve, forecast", "zhuoyue, forecast with drivers"


def prepare(home, enterprises, months):
    """Records, a champion in MLflow, an outlook; the bodies for `mlflow models serve` by enterprise."""
    from features.model_table import build_model_table
    from features.settings import Settings
    from features.simulator import World, write_tables
    from features.store import Store
    from models import training
    from models.learning.rolling import Settings as Effort
    from serving.publishing import publish_outlook

    settings = Settings(home=home, threads=1)
    write_tables(World(8801, enterprises, months), home / "province", "parquet")
    with Store.open(settings) as store:
        store.import_paths([home / "province"])
        report = training.train(store, settings, effort=Effort(refits=1, threads=1))
        if not report.promoted:
            training.promote(settings, report.registry_version, "benchmark", force=True)
        publish_outlook(settings, store)
        frame = build_model_table(store).frame
    latest = frame[frame["product_id"] == ""].sort_values("t").groupby("enterprise_id").tail(1)
    split = json.loads(latest.to_json(orient="split", index=False))
    rows = {row[split["columns"].index("enterprise_id")]: row for row in split["data"]}
    bodies = {
        name: json.dumps({"dataframe_split": {"columns": split["columns"], "data": [row]}})
        for name, row in rows.items()
    }
    return bodies, report.registry_version


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def running(words, port, ready, **environment):
    """A server in a process group of its own, until it answers `ready`."""
    log = tempfile.TemporaryFile()  # noqa: SIM115 - read once more when the process has died
    process = subprocess.Popen(
        words, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
    )
    try:
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{port}{ready}", timeout=5).read()
                break
            except OSError:
                if process.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(log.read().decode()[-3000:]) from None
                time.sleep(0.2)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


class Connection:
    """HTTP/1.1 over one kept connection: as little work per request as possible."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def ask(self, request):
        """Send, read one answer to its end; returns its length."""
        self.socket.sendall(request)
        data = self.left
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:300] + body[:500]
        length = next(
            int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        parts, have = [body], len(body)
        while have < length:
            parts.append(self._more())
            have += len(parts[-1])
        self.left = b"".join(parts)[length:] if have > length else b""
        return length

    def _more(self):
        data = self.socket.recv(1 << 18)
        assert data, "the server hung up"
        return data


def flat_out(port, requests, seconds, out):
    """Closed loop over several connections: answers a second, and bytes of one."""
    counts, end = [], time.perf_counter() + seconds

    def ask(start):
        connection, done, size = Connection(port), 0, 0
        while time.perf_counter() < end:
            size = connection.ask(requests[(start + done) % len(requests)])
            done += 1
        counts.append((done, size))

    threads = [Thread(target=ask, args=(n * 7,)) for n in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    out.put((sum(done for done, _ in counts) / took, max(size for _, size in counts)))


def steady(port, requests, rate, seconds, out):
    """Open loop: latencies in ms, each from when its request was due."""
    found, begun = [], time.perf_counter() + 0.1

    def ask(lane):
        connection = Connection(port)
        for number in range(lane, int(rate * seconds), CONNECTIONS):
            due = begun + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.ask(requests[number % len(requests)])
            found.append((time.perf_counter() - due) * 1000)

    threads = [Thread(target=ask, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put(found)


def apart(work, *arguments):
    """Run a load in a process of its own."""
    out = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(*arguments, out))
    process.start()
    answer = out.get()
    process.join()
    return answer


def get(path, head=""):
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode()


def post(path, body):
    data = body.encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


def api_key(scripts, environment):
    """A key that sees everything, by the product's own command."""
    words = [
        scripts / "zhuoyue",
        "key",
        "make",
        "bench",
        "--role",
        "engineer",
        "--everything",
        "--format",
        "json",
    ]
    made = subprocess.run(
        words, env={**os.environ, **environment}, capture_output=True, check=True, text=True
    )
    return json.loads(made.stdout)["key"]


DRAWN = """() => {
  const all = [...document.querySelectorAll('.chart')];
  const drawn = one => one.querySelector('.main-svg') || one.getBoundingClientRect().top > innerHeight;
  return document.readyState === 'complete' && all.length && all.every(drawn);
}"""


def drawn(port, names, key):
    """Seconds from asking for an enterprise's page until its charts are drawn, in a real Chromium."""
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(extra_http_headers={"Authorization": f"Bearer {key}"})
        for name in names:
            begun = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/enterprises/{name}", wait_until="commit")
            page.wait_for_function(DRAWN)
            times.append(time.perf_counter() - begun)
        browser.close()
    return times


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("enterprises", 60), ("months", 48), ("rounds", 3), ("workers", 2), ("rate", 200)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--browser", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked)


def measure(home, asked):
    bodies, number = prepare(home, asked.enterprises, asked.months)
    names, theirs, ours = sorted(bodies), free_port(), free_port()
    environment = {
        "ZHUOYUE_HOME": str(home),
        "MLFLOW_TRACKING_URI": f"sqlite:///{home}/mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "ZHUOYUE_THREADS": "1",
        "ZHUOYUE_READS_PER_MINUTE": "0",
    }
    scripts, local = Path(sys.executable).parent, ["--host", "127.0.0.1", "--port"]
    mlflow = [scripts / "mlflow", "models", "serve", "-m", f"models:/zhuoyue-forecast/{number}"]
    mlflow += ["--env-manager", "local", *local, str(theirs)]
    zhuoyue = [
        scripts / "zhuoyue",
        "serve",
        *local,
        str(ours),
        "--workers",
        str(asked.workers),
        "--jobs",
        "0",
    ]
    key = api_key(scripts, environment)
    head, path = f"Authorization: Bearer {key}\r\n", "/api/v1/enterprises/{}/forecasts?drivers=true"
    with running(mlflow, theirs, "/ping", **environment), running(zhuoyue, ours, "/readyz", **environment):
        asking = {
            THEIRS: (theirs, [post("/invocations", bodies[name]) for name in names]),
            OURS: (ours, [get(path.format(name), head) for name in names]),
            "zhuoyue, one target with drivers": (
                ours,
                [get(path.format(name) + "&target=ftq", head) for name in names],
            ),
        }
        compare(asking, asked)
        report_steady(*asking[OURS], asked.rate)
        report_pages(ours, [get(f"/enterprises/{name}", head) for name in names])
        if asked.browser:
            times = drawn(ours, names[:12], key)
            print(f"drawn in Chromium: median {np.median(times):.2f} s, worst {max(times):.2f} s")


def compare(asking, asked):
    """Requests a second, in turns."""
    rates = {what: [] for what in asking}
    for _ in range(asked.rounds):
        for what, (port, requests) in asking.items():
            rate, size = apart(flat_out, port, requests, asked.seconds)
            rates[what].append(rate)
            print(f"{what}: {rate:.0f} requests/s, {size / 1000:.0f} kB each", flush=True)
    base = np.median(rates[THEIRS])
    for what, found in rates.items():
        print(f"{what}: median {np.median(found):.0f}/s, {np.median(found) / base:.1f} times `{THEIRS}`")


def report_steady(port, requests, rate):
    found = apart(steady, port, requests, rate, 20.0)
    p50, p99, worst = np.percentile(found, [50, 99, 100])
    print(f"at {rate}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {worst:.1f} ms")


def report_pages(port, requests):
    connection, took = Connection(port), []
    for request in requests * 3:
        begun = time.perf_counter()
        connection.ask(request)
        took.append((time.perf_counter() - begun) * 1000)
    first, again = took[: len(requests)], took[len(requests) :]
    print(f"enterprise page: first time median {np.median(first):.0f} ms, again {np.median(again):.0f} ms")
    print(f"enterprise page: 99th percentile of all {np.percentile(took, 99):.0f} ms")


if __name__ == "__main__":
    main()
