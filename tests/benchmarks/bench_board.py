"""The planner's board of 10 000 enterprises over real HTTP, beside counting the same paths byte by byte.

    python tests/benchmarks/bench_board.py [ENTERPRISES]

Writes a publication of that many synthetic enterprises in 31 provinces (drawn levels, 36 months of history,
500 joint paths) with the product's own code, serves it, and asks for the page and its numbers: median and
95th percentile of 40 requests each after the first, in milliseconds. Every answer is computed in its request.
The yardstick counts one level's first months on the same paths, unpacked as bytes.
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
from models.portfolio.paths import KEPT_PATHS, NEVER, Ahead
from models.portfolio.planes import counts
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


def answer(name, rng):
    """Return an official answer with what a portfolio reads of one."""
    book = ArrayRules().book
    levels = {
        item: int(level) for item, level in zip(book.order, rng.integers(1, 6, len(book.order)), strict=True)
    }
    performance = min(levels[item] for item in book.ladders)
    return {
        "enterprise_id": name,
        "window": {"start": "2025-01", "end": "2025-12"},
        "status": "final",
        "level": min(levels.values()),
        "at_most": min(levels.values()),
        "dimensions": {"performance": performance},
        "indicators": {
            item: {"level": levels[item], "value": f"{rng.random():.6f}"} for item in book.ladders
        },
        "items": {item: levels[item] for item in book.items},
    }


def ahead(names, rng):
    """Return months ahead whose paths share a shock."""
    shock, shape = rng.normal(size=KEPT_PATHS), (4, len(names), KEPT_PATHS)
    first, reach, fall = {}, {}, {}
    for basis in BASES:
        luck = rng.normal(size=shape).astype(np.float32) + shock.astype(np.float32)
        months = np.clip(np.rint(16 - 4 * luck), 1, NEVER)
        first[basis] = np.where(months > 12, NEVER, months).astype(np.uint8)
        reach[basis] = np.stack([(first[basis] <= m).mean(axis=2).T for m in (3, 6, 12)], axis=2).astype(
            np.float32
        )
        fall[basis] = (rng.random((len(names), 3)) ** 4).astype(np.float32)
    return Ahead(tuple(names), KEPT_PATHS, first, reach, fall)


def publish(home, count):
    """Make a home with the register in the store and a publication; return its folder."""
    rng = np.random.default_rng(SEED)
    rows = register(count, rng)
    (home / "in").mkdir(parents=True)
    rows.to_csv(home / "in" / "enterprises.csv", index=False)
    with Store.open(Settings(home=home)) as store:
        store.import_paths([home / "in"])
    names = rows["enterprise_id"].tolist()
    months = np.tile(np.arange(TODAY - MONTHS, TODAY), count)
    drawn = {basis: rng.integers(0, 6, len(months)).astype(np.int8) for basis in BASES}
    history = pd.DataFrame({"enterprise_id": np.repeat(names, MONTHS), "month": months, **drawn})
    folder = home / FOLDER / "20260101T000000-bench"
    folder.mkdir(parents=True)
    for kind in ("attainment", "recommendations"):
        write_rows([], folder, kind)
    answers = {name: answer(name, rng) for name in names}
    found = Found(
        in_order(rows.assign(standard_since=pd.NaT)),
        answers,
        dict.fromkeys(names, TODAY),
        history,
        ahead(names, rng),
    )
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
    """Return milliseconds of each request."""
    times = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        client.get(path).raise_for_status()
        times.append(1000 * (time.perf_counter() - start))
    return times


def counting(folder):
    """Print what the population count of the whole portfolio takes, and the same from bytes."""
    portfolio = Portfolio.load(folder)
    everybody = np.ones(len(portfolio), dtype=bool)
    bits = portfolio.bits("grade")
    plain = np.unpackbits(np.ascontiguousarray(bits[1]).view(np.uint8), axis=2, bitorder="little")[
        :, :, : len(portfolio)
    ]
    start = time.perf_counter()
    by_bits = counts(bits, 3, everybody)
    middle = time.perf_counter()
    by_bytes = plain[:, :, everybody].sum(axis=2, dtype=np.int64).T
    took, yardstick = middle - start, time.perf_counter() - middle
    assert (by_bits == by_bytes).all()
    print(
        f"one level's counts on {KEPT_PATHS} paths: {1000 * took:.1f} ms, from bytes {1000 * yardstick:.0f} ms ({yardstick / took:.0f}x)"
    )


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
                times = asked(client, path)
                print(
                    f"{path:40} median {statistics.median(times):6.0f} ms   p95 {sorted(times)[int(0.95 * REQUESTS)]:6.0f} ms"
                )


if __name__ == "__main__":
    main()
