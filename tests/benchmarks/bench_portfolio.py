"""Joint paths of a whole country through the official rules, and its provinces' targets from the result.

    python tests/benchmarks/bench_portfolio.py [--enterprises 100000] [--paths 200] [--months 36]

A province of 300 plants is simulated and a model trained on 60 months of it for real, with its levels. Its
plants are then repeated up to the number asked for: the months known, the official states and the forecast
points are a real plant's, jittered (seeded: known quantities by 10 %, points by a fifth of their error's
scale), under an id and in a region of its own. So inputs have the shapes and the spread of trained ones, but
no more kinds of plants than there were. `paths` is what publication does from there on: error paths, the
windows rebuilt from sums, the rules, the blend, first months of both readings. `targets` asks five targets of
each of 30 provinces from the files written, what a reader sees of them included; three rounds, the first one
reads the files. Wall, processor (of this process, all threads) and peak memory. Never fails on time.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import build_model_table
from features.simulator.world import World
from features.tables import FrameTables
from models.attainment.array_paths import ArrayPaths
from models.attainment.known import Characteristics, Known, Stages
from models.attainment.learning import fit_levels
from models.attainment.level_model import LevelModel
from models.attainment.start import Start, start
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.portfolio import Portfolio, Target, progress
from models.portfolio.bases import BASES
from models.portfolio.firsts import in_calendar
from models.portfolio.kept import WHO, write
from models.portfolio.paths import levels_ahead
from models.portfolio.targets import RANGE
from models.rules_numpy import ArrayRules

SEED, PLANTS, MONTHS = 1203, 300, 60
PROVINCES = [
    f"{code}"
    for code in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 65),
    )
]
WANTED = (("inspection", 300), ("assurance", 200), ("prevention", 40), ("excellence", 5), ("assurance", 400))


def main() -> None:
    """Print what each part took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("enterprises", 100_000), ("paths", 200), ("months", 36), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores", flush=True)
    base, learned = trained(asked.paths, asked.months)
    before = _peak()
    begun = repeated(base, asked.enterprises)
    now = {basis: standing(base, basis, asked.enterprises) for basis in BASES}
    clock = _now()
    ahead = levels_ahead(begun, learned, now, asked.threads)
    told(f"paths of {asked.enterprises} enterprises, {asked.threads} threads", clock, asked.enterprises)
    print(f"peak memory {_peak():.2f} GiB, {before:.2f} GiB of it before them", flush=True)
    with tempfile.TemporaryDirectory() as place:
        clock = _now()
        keep(Path(place), begun, ahead, now)
        told("files written", clock)
        for _ in range(3):
            ask(Path(place))
    print(f"peak memory {_peak():.2f} GiB at the end")


def trained(paths: int, months: int) -> tuple[Start, LevelModel]:
    """A province's paths as a publication draws them, and what was learned about its levels."""
    clock = _now()
    tables = FrameTables(World(SEED, enterprises=PLANTS, months=MONTHS).tables())
    table = build_model_table(tables)
    fitted = fit(table, Settings(refits=1, threads=2))
    learned = LevelModel.from_dict(fit_levels(tables, table, fitted))
    begun = start(tables, fitted.model, table, paths, months=months)
    assert begun is not None, "a world of so many months is forecast"
    told(f"a model of {PLANTS} plants", clock)
    return begun, learned


def repeated(base: Start, count: int) -> Start:
    """So many enterprises, each one of the base's, jittered."""
    rng = np.random.default_rng(SEED)
    of = np.arange(count) % len(base.states)
    ids = tuple(f"E{row:07d}" for row in range(count))
    drawn = {target: _jittered(own, of, rng) for target, own in base.sample.drawn.items()}
    sample = replace(base.sample, enterprise_ids=ids, origin=base.sample.origin[of], drawn=drawn)
    return Start(sample, tuple(base.states[row] for row in of), _known(base.known, of, rng))


def _jittered(drawn, of, rng):
    model = drawn.outlook.model
    points = drawn.points[of] + 0.2 * drawn.scale[of] * rng.normal(size=(len(of), 1))
    submitted = drawn.outlook.panel.submitted[of]
    return ArrayPaths(
        model.link, points, drawn.scale[of], drawn.errors, drawn.seasoned[of], submitted, drawn.answered[of]
    )


def _known(known: Known, of, rng) -> Known:
    def some(row):
        """Everything that belongs to the rows wanted, and whose it is."""
        begin, end = np.searchsorted(row, of), np.searchsorted(row, of, side="right")
        places = np.concatenate([np.arange(a, b) for a, b in zip(begin, end, strict=True)])
        return places, np.repeat(np.arange(len(of)), end - begin)

    def about(monthly, places):
        return monthly[places] * np.exp(rng.normal(0.0, 0.1, (len(places), 1)))

    stages, owner = some(known.stages.row)
    factor = np.exp(rng.normal(0.0, 0.1, (len(stages), 1)))
    own = known.stages
    inspected = Stages(
        owner,
        own.product[stages],
        own.first[stages],
        own.submitted[stages] * factor,
        own.passed[stages] * factor,
    )
    places, owner = some(known.characteristics.row)
    own = known.characteristics
    monthly = (own.n[places], own.mean[places], about(own.sd, places), own.df[places])
    measured = Characteristics(owner, own.lsl[places], own.usl[places], *monthly)
    sums = (about(getattr(known, name), of) for name in ("units", "bad", "output", "internal", "external"))
    return Known(*sums, inspected, measured)


def standing(base: Start, basis: str, count: int) -> np.ndarray:
    """Official levels of today, as far as supplied."""
    rules = ArrayRules()
    levels = [rules.grade(s.levels, s.items if basis == "grade" else {}) for s in base.states]
    own = [found.level if basis == "grade" else found.dimensions["performance"] for found in levels]
    return np.array(own, dtype=np.int8)[np.arange(count) % len(own)]


def keep(folder: Path, begun: Start, ahead, now) -> None:
    """Write what targets are counted from: enterprises in order of region, nobody ever higher than today."""
    import pandas as pd
    import pyarrow as pa

    names, count = begun.sample.enterprise_ids, len(begun.states)
    cities = np.array([f"{code}{city:02d}00" for code in PROVINCES for city in range(1, 12)])
    columns = {name: np.full(count, "") for name in WHO}
    columns |= {
        "enterprise_id": np.array(names),
        "region_code": np.sort(cities[np.arange(count) % len(cities)]),
    }
    columns |= {"industry_code": np.full(count, "C3610"), "size": np.full(count, "small")}
    today = int(begun.sample.origin.max())
    columns |= {"end": np.full(count, today), "standard": np.zeros(count, dtype=np.int32)}
    for basis in BASES:
        columns |= {f"{basis}.level": now[basis], f"{basis}.since": np.full(count, today - 47)}
        for level in range(2, 6):
            columns[f"{basis}.first.{level}"] = np.where(now[basis] >= level, today - 40, 0)
        columns |= ahead.columns(basis, names)
    none = np.zeros(count, dtype=np.int64)
    firsts = {basis: in_calendar(ahead.first_months(basis, names), none) for basis in BASES}
    facts = {
        "today": today,
        "paths": ahead.paths,
        "months": ahead.months,
        "order": [],
        "model_version": "",
        "plan_targets": [],
    }
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    write(folder, table, firsts, pd.DataFrame(), facts)


def ask(folder: Path) -> None:
    """Five targets of 30 provinces, with the numbers and the curve that are shown of each."""
    portfolio = Portfolio.load(folder)
    portfolio.text("region_code")
    clock, said = _now(), []
    for province in PROVINCES:
        for number, (level, count) in enumerate(WANTED):
            target = Target(f"{province}-{number}", level, "2023-12", "2027-12", count, region=province)
            found = progress(portfolio, target, "performance")
            curve = [found.quantiles(p) for p in RANGE]
            said.append((found.expected, found.range, found.probability, curve, found.paths.mean(axis=0)))
    told(f"{len(said)} targets of {len(PROVINCES)} provinces", clock)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def told(what: str, since: tuple[float, float], of: int = 0) -> None:
    """Print what a part took."""
    wall, busy = (after - before for before, after in zip(since, _now(), strict=True))
    each = f", {1e3 * busy / of:.2f} ms of it an enterprise" if of else ""
    print(f"{what}: {wall:.2f} s, {busy:.2f} s of a processor{each}", flush=True)


def _peak() -> float:
    """GiB, of this process and its largest child."""
    most = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(most) / 2**20


if __name__ == "__main__":
    main()
