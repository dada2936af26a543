"""The planner's board of 10 000 enterprises over real HTTP, beside counting the same paths month by month.

    python tests/benchmarks/bench_board.py [ENTERPRISES]

Writes a publication of that many synthetic enterprises in 31 provinces (drawn levels, 36 months of history,
500 joint paths) with the product's own code, serves it, and asks for the page and its numbers: median and
95th percentile of 40 requests each after the first, in milliseconds. Every answer is computed in its request.
The yardstick compares every first month of one level with every month ahead.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np
import pandas as pd

from features.settings import Settings
from features.store import Store
from models.outlook import FOLDER, POINTER
from models.outlook_files import write_rows
from models.portfolio import Portfolio
from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER, counts
from models.portfolio.horizon import AHEAD, FAR
from models.portfolio.paths import KEPT_PATHS, Ahead
from models.portfolio.publishing import Found, in_order, keep
from models.rules_numpy import ArrayRules
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from serving.web.planner.places import TILES

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.serving.province import served

TODAY, MONTHS, REQUESTS, SEED = 2025 * 12 + 11, 36, 40, 1
DIVISIONS, SIZES = ("13", "14", "17", "26", "34", "35", "36", "39"), ("micro", "small", "medium", "large")
PATHS = (
    "/board",
    "/board?basis=performance&region=33",
    "/board?industry=36&size=medium",
    "/api/v1/board",
    "/api/v1/targets",
    "/api/v1/attainment?limit=100",
    "/api/v1/benchmarks?indicator=cpk",
)


def register(count, rng):
    """Return rows of `enterprises`."""
    provinces = [code for code in TILES if code < "71"]
    cities = [f"{code}{city:02d}00" for code in provinces for city in range(1, 12)]
    return pd.DataFrame(
        {
            "enterprise_id": [f"E{i:06d}" for i in range(count)],
            "name": [f"企业 {i}" for i in range(count)],
            "region_code": rng.choice(cities, count),
            "industry_code": [f"C{code}10" for code in rng.choice(DIVISIONS, count)],
            "size": rng.choice(SIZES, count),
            "chain": rng.choice(["新能源汽车", "现代纺织", "电子"], count),
        }
    )


def answer(name, base, rng):
    """Return what a portfolio reads of an official answer: every item at the base level or one above."""
    book = ArrayRules().book
    levels = {
        item: min(base + int(up), 5)
        for item, up in zip(book.order, rng.random(len(book.order)) < 0.5, strict=True)
    }
    levels["cpk"] = levels["qms"] = base
    return {
        "enterprise_id": name,
        "window": {"start": "2025-01", "end": "2025-12"},
        "status": "final",
        "level": base,
        "at_most": base,
        "dimensions": {"performance": base},
        "indicators": {
            item: {"level": levels[item], "value": f"{rng.random():.6f}"} for item in book.ladders
        },
        "items": {item: levels[item] for item in book.items},
    }


def past(names, base, rng):
    """Return 36 months of levels: two of ten have climbed by one in them."""
    months = np.tile(np.arange(TODAY - MONTHS, TODAY), len(names))
    climbed = np.where(rng.random(len(names)) < 0.2, rng.integers(1, MONTHS, len(names)), 0)
    before = np.arange(MONTHS)[None, :] < climbed[:, None]
    level = np.maximum(base[:, None] - before, 1).astype(np.int8).ravel()
    return pd.DataFrame(
        {"enterprise_id": np.repeat(names, MONTHS), "month": months, **dict.fromkeys(BASES, level)}
    )


def ahead(names, base, rng):
    """Return months ahead: paths share a shock, the next level is near for some."""
    shock = rng.normal(size=KEPT_PATHS).astype(np.float32)
    far = rng.normal(30, 10, len(names)).astype(np.float32)[:, None]
    first, reach, fall = {}, {}, {}
    for basis, pull in zip(BASES, (0, 6), strict=True):
        luck = rng.normal(size=(len(names), KEPT_PATHS)).astype(np.float32)
        months = np.clip(np.rint(far - pull - 3 * shock - 4 * luck), 1, NEVER)
        months = np.where(months > FAR, NEVER, months).astype(np.uint8)
        steps = [
            np.where((base >= step)[:, None], 1, np.where((base == step - 1)[:, None], months, NEVER))
            for step in (2, 3, 4, 5)
        ]
        first[basis] = np.stack(steps).astype(np.uint8)
        reach[basis] = np.stack([(first[basis] <= m).mean(axis=2).T for m in AHEAD], axis=2).astype(
            np.float32
        )
        fall[basis] = ((base > 1)[:, None] * rng.random((len(names), len(AHEAD))) ** 6).astype(np.float32)
    return Ahead(tuple(names), KEPT_PATHS, FAR, first, reach, fall)


def publish(home, count):
    """Make a home with the register in the store and a publication; return its folder."""
    rng = np.random.default_rng(SEED)
    rows = register(count, rng)
    (home / "in").mkdir(parents=True)
    rows.to_csv(home / "in" / "enterprises.csv", index=False)
    with Store.open(Settings(home=home)) as store:
        store.import_paths([home / "in"])
    names = rows["enterprise_id"].tolist()
    base = rng.choice([1, 2, 3, 4, 5], count, p=[0.35, 0.35, 0.2, 0.08, 0.02])
    folder = home / FOLDER / "20260101T000000-bench"
    folder.mkdir(parents=True)
    for kind in ("attainment", "recommendations"):
        write_rows([], folder, kind)
    answers = {name: answer(name, int(own), rng) for name, own in zip(names, base, strict=True)}
    rows = in_order(rows.assign(standard_since=pd.NaT))
    found = Found(rows, answers, dict.fromkeys(names, TODAY), past(names, base, rng), ahead(names, base, rng))
    keep(folder, found, {"model_version": "bench", "files": [], "plan_targets": []})
    facts = {
        "folder": folder.name,
        "model_version": "bench",
        "fingerprint": "",
        "created_at": "2026-01-01T00:00:00+00:00",
        "as_of": None,
    }
    (home / FOLDER / POINTER).write_text(json.dumps(facts), encoding="utf-8")
    return folder


def asked(client, path):
    """Return milliseconds of each request, and of processor time each (client and server together)."""
    times, before = [], time.process_time()
    for _ in range(REQUESTS):
        start = time.perf_counter()
        client.get(path).raise_for_status()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times), 1000 * (time.process_time() - before) / REQUESTS


def counting(folder):
    """Print what counting the whole portfolio takes, and the same month by month."""
    portfolio = Portfolio.load(folder)
    everybody = np.ones(len(portfolio), dtype=bool)
    firsts = portfolio.firsts("grade")
    plain = np.array(firsts[1])
    start = time.process_time()
    found = counts(firsts, 3, everybody, FAR)
    middle = time.process_time()
    by_month = np.stack([(plain <= month).sum(axis=0) for month in range(1, FAR + 1)], axis=1)
    took, yardstick = middle - start, time.process_time() - middle
    assert (found == by_month).all()
    print(f"one level on {KEPT_PATHS} paths: {1000 * took:.1f} ms, by month {1000 * yardstick:.0f} ms")
    print(f"  ({yardstick / took:.0f} times the yardstick's speed)")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        start = time.perf_counter()
        folder = publish(home, count)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        print(f"{count} enterprises published in {time.perf_counter() - start:.1f} s, {size:.0f} MB")
        counting(folder)
        app = create_app(Settings(home=home), open_to=LOCAL_ADMINISTRATOR)
        with served(app) as url, httpx.Client(base_url=url, timeout=120) as client:
            start = time.perf_counter()
            client.get(PATHS[0]).raise_for_status()
            print(f"first page after the start: {1000 * (time.perf_counter() - start):.0f} ms")
            for path in PATHS:
                times, processor = asked(client, path)
                middle, high = statistics.median(times), times[int(0.95 * REQUESTS)]
                print(f"{path:40} median {middle:5.0f} ms  p95 {high:5.0f} ms  processor {processor:5.0f} ms")


if __name__ == "__main__":
    main()
