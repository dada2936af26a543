"""A whole retraining of 400 simulated plants over 84 months, and forecasting and explaining all of them.

    python tests/benchmarks/bench_forecast.py [--enterprises 400] [--months 84] [--threads 2] [--folder DIR]

Each measurement is a fresh process over the same store. `train` is what `zhuoyue train` does, from records
to the exported champion, with backtest and calibration: 5 targets x 12 horizons, products too. The yardstick
is one plain LightGBM (100 rounds, its own settings, one thread) of the yield one month ahead on the same
rows: a direct forecaster of all targets and horizons needs 60, its backtest at four origins 300. CPU is that
of all threads together: on a busy machine it is the steadier number. Never fails on time.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

STAGES = {
    "design": [
        ("learning.rolling", "fit_design"),
        ("forecast.design.Design", "linked"),
        ("forecast.design.Design", "ridge_matrix"),
    ],
    "ridge": [
        ("learning.rolling", "Moments"),
        ("learning.moments.Moments", "of"),
        ("learning.rolling.Prepared", "_lines"),
    ],
    "boosting": [
        ("forecast.booster", "dataset"),
        ("learning.rolling.Prepared", "_boost"),
        ("learning.rolling", "boost_forecast"),
    ],
    "weights": [("learning.calibrate", "learn_weights")],
    "calibration": [("learning.fit", "judge")],
    "scoring": [("learning.fit", "errors_by_time"), ("learning.fit", "coverage_by")],
}


class Clock:
    """Wall and CPU seconds of this process between `lap`s, with its peak memory."""

    def __init__(self):
        self.laps = {}
        self.last = self.now()

    @staticmethod
    def now():
        return time.perf_counter(), time.process_time()

    def lap(self, name):
        now = self.now()
        self.laps[name] = [now[0] - self.last[0], now[1] - self.last[1]]
        self.last = self.now()

    def told(self, **more):
        # A child that is only started counts its parent's pages as its own: the larger of both, not the sum.
        both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        peak = max(resource.getrusage(who).ru_maxrss for who in both)
        print(json.dumps({"laps": self.laps, "peak": peak / 2**20, **more}))


@contextmanager
def stages():
    """CPU seconds spent inside the named parts of training, over all threads."""
    from importlib import import_module

    spent, lock, put_back = dict.fromkeys(STAGES, 0.0), threading.Lock(), []
    for stage, places in STAGES.items():
        for place, name in places:
            room, module, *owner = place.split(".")
            home = import_module(f"models.{room}.{module}")
            home = getattr(home, owner[0]) if owner else home
            put_back.append((home, name, getattr(home, name)))
            setattr(home, name, timed(getattr(home, name), stage, spent, lock))
    try:
        yield spent
    finally:
        for home, name, plain in put_back:
            setattr(home, name, plain)


def timed(work, stage, spent, lock):
    def run(*args, **more):
        start = time.thread_time()
        try:
            return work(*args, **more)
        finally:
            with lock:
                spent[stage] += time.thread_time() - start

    return run


def train(settings, asked):
    """The whole retraining, and how long its parts took."""
    from features.store import Store
    from models.learning.rolling import Settings as Effort
    from models.training import train as run

    clock = Clock()
    with stages() as spent, Store.open(settings) as store:
        clock.lap("imports, store")
        report = run(store, settings, effort=Effort(threads=asked.threads))
    clock.lap("train")
    clock.told(seconds=report.seconds, stages=spent, promoted=report.promoted, version=report.model_version)


def answer(settings, asked):
    """Load the champion, forecast everybody, and tell the drivers that the outlook publishes."""
    from features.model_table import build_model_table
    from features.store import Store
    from models.forecast import load_champion
    from models.outlook import DRIVER_HORIZONS, TOP_DRIVERS

    with Store.open(settings) as store:
        table = build_model_table(store)
    clock = Clock()
    model = load_champion(settings)
    clock.lap("load")
    forecasts = model.forecast_frame(table)
    clock.lap("forecast")
    drivers = model.drivers_frame(table, horizons=DRIVER_HORIZONS, top=TOP_DRIVERS)
    clock.lap("explain")
    clock.told(forecasts=len(forecasts), drivers=len(drivers))


def yardstick(settings, asked):
    """One plain LightGBM, and one plain ridge solve, of the yield one month ahead."""
    import lightgbm
    import numpy as np

    from features.model_table import build_model_table
    from features.store import Store
    from models.forecast.panel import panels

    with Store.open(settings) as store:
        table = build_model_table(store)
    panel = next(panels(table.frame, tuple(table.features)))
    y = panel.future(panel.actual["ftq"])[:, 0]
    x, y = panel.raw[np.isfinite(y)], y[np.isfinite(y)]
    clock = Clock()
    lightgbm.train({"num_threads": 1, "verbosity": -1}, lightgbm.Dataset(x, y), 100)
    clock.lap("LightGBM")
    filled = np.nan_to_num(x)
    np.linalg.solve(filled.T @ filled + np.eye(filled.shape[1]), filled.T @ y)
    clock.lap("ridge")
    clock.told(rows=len(y), columns=x.shape[1])


def fresh(task, asked):
    """What a task says that runs in a process of its own."""
    command = [sys.executable, __file__, "--task", task, "--folder", str(asked.folder)]
    command += ["--threads", str(asked.threads)]
    start = time.perf_counter()
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(told.splitlines()[-1]) | {"whole": time.perf_counter() - start}


def build(settings, asked):
    """Fill the store unless it stands already."""
    from features.simulator import World, write_tables
    from features.store import Store

    if (settings.home / "complete").exists():
        return
    records = asked.folder / "records"
    write_tables(World(seed=1, enterprises=asked.enterprises, months=asked.months), records)
    with Store.open(settings) as store:
        store.import_paths([records])
    (settings.home / "complete").touch()


def show(asked):
    """Measure, and print every part beside the yardstick."""
    bare = fresh("yardstick", asked)
    unit = bare["laps"]["LightGBM"][1]
    print(f"{asked.enterprises} enterprises x {asked.months} months, {asked.threads} threads")
    print(f"{'':24}{'wall':>9}{'CPU':>9}   CPU in plain LightGBM fits")

    def line(name, wall, cpu):
        shown = f"{wall:7.2f} s" if wall is not None else " " * 9
        print(f"{name:24}{shown}{cpu:7.2f} s{cpu / unit:9.1f}", flush=True)

    for name, (wall, cpu) in bare["laps"].items():
        line(f"plain {name}", wall, cpu)
    trained = fresh("train", asked)
    line("train", *trained["laps"]["train"])
    for name, wall in trained["seconds"].items():
        print(f"  {name:22}{wall:7.2f} s")
    for name, cpu in trained["stages"].items():
        line(f"  of it {name}", None, cpu)
    print(f"  process, from start to end {trained['whole']:.1f} s, peak {trained['peak']:.2f} GiB")
    if not trained["promoted"]:
        print("the gate stayed shut: there is no champion to forecast with")
        return
    answered = fresh("answer", asked)
    for name, (wall, cpu) in answered["laps"].items():
        line(name, wall, cpu)
    line("load to explain", *(sum(lap[i] for lap in answered["laps"].values()) for i in (0, 1)))
    print(
        f"  {answered['forecasts']:,} forecasts, {answered['drivers']:,} drivers, {answered['peak']:.2f} GiB"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--enterprises", type=int, default=400)
    parser.add_argument("--months", type=int, default=84)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="keep the store here and use it again")
    parser.add_argument("--task", choices=("train", "answer", "yardstick"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        from features.settings import Settings

        asked.folder = asked.folder or Path(scratch)
        settings = Settings(home=asked.folder / "home", threads=asked.threads)
        if asked.task:
            globals()[asked.task](settings, asked)
        else:
            build(settings, asked)
            show(asked)


if __name__ == "__main__":
    main()
