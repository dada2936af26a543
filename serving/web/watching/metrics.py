"""What the service counts, for Prometheus: requests as they pass, everything else when it is asked for.

Several workers count in files of a folder that `serve` names (`PROMETHEUS_MULTIPROC_DIR`), so whichever of
them is asked answers for all, also for those that died.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import REGISTRY, GaugeMetricFamily

if TYPE_CHECKING:
    import sqlalchemy as sa
    from prometheus_client.core import Metric

    from features.settings import Settings

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REQUESTS = Counter("zhuoyue_requests", "Requests answered.", ("method", "route", "status"))
TOOK = Histogram("zhuoyue_request_seconds", "From request to answer.", ("method", "route"), buckets=SECONDS)
IN_FLIGHT = Gauge("zhuoyue_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum")


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answered request; a method that nobody knows is one word, so that nobody makes series up."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(known, route, str(status)).inc()
    TOOK.labels(known, route).observe(seconds)


def text(settings: Settings, engine: sa.Engine) -> bytes:
    """Return all of it in Prometheus' text format."""
    state = CollectorRegistry()
    state.register(_State(settings, engine))
    return generate_latest(_requests()) + generate_latest(state)


def _requests() -> CollectorRegistry:
    if not os.environ.get(FOLDER):
        return REGISTRY
    found = CollectorRegistry()
    multiprocess.MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found


def forget_dead(pid: int, folder: str) -> None:
    """Take a dead worker's requests in flight out of the sum; what it counted stays."""
    multiprocess.mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


class _State:
    """What the state database and the home folder say at this moment."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self._home, self._engine = Path(settings.home), engine

    def collect(self) -> Iterator[Metric]:
        import sqlalchemy as sa

        from features.journal import head

        with self._engine.connect() as connection:

            def one(question: str) -> float:
                return float(connection.execute(sa.text(question)).scalar() or 0)

            jobs = GaugeMetricFamily("zhuoyue_jobs", "Jobs on record.", labels=("kind", "state"))
            counted = "SELECT kind, state, count(*) FROM jobs GROUP BY kind, state"
            for kind, job_state, number in connection.execute(sa.text(counted)):
                jobs.add_metric((kind, job_state), number)
            yield jobs
            yield _gauge("zhuoyue_imports", "Imports so far.", one("SELECT count(*) FROM imports"))
            yield _gauge("zhuoyue_record_files", "Record files.", one("SELECT count(*) FROM files"))
            yield _gauge("zhuoyue_record_rows", "Rows in them.", one("SELECT sum(rows) FROM files"))
            yield _gauge("zhuoyue_record_bytes", "Bytes of them.", one("SELECT sum(bytes) FROM files"))
            yield _gauge("zhuoyue_journal_entries", "Length of the chain.", head(connection)[0])
        for name, what in (("champion", "model was promoted"), ("outlook", "outlook was published")):
            pointer = self._home / name / "current.json"
            if pointer.exists():
                said = f"When the {what}, Unix time."
                yield _gauge(f"zhuoyue_{name}_timestamp_seconds", said, pointer.stat().st_mtime)


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, value=value)
