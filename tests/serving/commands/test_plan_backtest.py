"""`zhuoyue plan backtest`: its three tables from judged counts, and records that are too short."""

import json

import pandas as pd
import pytest

import models.portfolio.backtest as judging
from models.portfolio.backtest import FORECASTERS, Backtest, Cases
from tests.command import zhuoyue


@pytest.fixture
def judged(monkeypatch):
    """Two origins of one reading, in place of a training; what the command asked for."""
    asked = []
    rows = [
        {"reading": "held", "origin": origin, "kind": kind, "group": "", "level": 3, "ahead": 12, "open": 9}
        | {"came": came, "low": 0.2, "high": 0.6, "variance": 1.0, "coins.variance": 0.5}
        | dict.fromkeys(FORECASTERS, 2.0)
        | dict.fromkeys((f"{name}.crps" for name in FORECASTERS), 0.5)
        for origin, came in ((24_300, 1), (24_306, 4))
        for kind in ("all", "size")
    ]
    counts = pd.DataFrame(rows)
    targets = counts.assign(count=3, met=counts["came"] >= 3, **dict.fromkeys(FORECASTERS, 0.4))

    def told(store, effort, progress, every, share):
        asked.append((every, share, effort.refits))
        return Backtest(Cases(counts, targets), ("2025-01", "2025-07"), "2026-12")

    monkeypatch.setattr(judging, "backtest", told)
    return asked


def run(home, *words):
    answer = zhuoyue("plan", "backtest", "--home", str(home.home), "--format", "json", *words)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_errors_are_of_everybody(judged, records_home):
    (row,) = run(records_home, "--every", "6", "--share", "0.6", "--refits", "2")
    assert judged == [(6, 0.6, 2)]
    assert (row["reading"], row["level"], row["ahead"], row["cases"]) == ("held", 3, 12, 2)
    assert (row["came"], row["expected"], row["bias"]) == (2.5, 2.0, -0.5)
    assert row["mae.joint"] == 1.5
    assert row["ratio"] == pytest.approx((1 + 4) / 2)


def test_reliability_by_reading(judged, records_home):
    (row,) = run(records_home, "--show", "reliability")
    assert (row["reading"], row["targets"], row["clusters"]) == ("held", 4, 2)
    assert (row["probability"], row["met"]) == (0.4, 0.5)
    assert (row["low"], row["high"]) == (0.0, 1.0)


def test_spread_by_kind_of_group(judged, records_home):
    rows = run(records_home, "--show", "spread")
    assert {row["kind"]: (row["joint"], row["coins"]) for row in rows} == {
        "all": (2.5, 5.0),
        "size": (2.5, 5.0),
    }


def test_a_store_without_records_is_bad_input(tmp_path):
    answer = zhuoyue("plan", "backtest", "--home", str(tmp_path))
    assert answer.returncode == 2
    assert "official levels of 0 months" in answer.stderr
