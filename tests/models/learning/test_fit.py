"""A whole training on a synthetic panel: better than baselines, honest intervals, exact drivers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Lock
from time import sleep

import numpy as np
import pandas as pd
import pytest

from models.forecast import bundle
from models.learning.fit import NothingToLearnError, at_once, fit
from models.learning.gate import judge_model
from models.learning.rolling import Settings
from models.results import QUANTILE_NAMES

QUICK = Settings(refits=2)


@pytest.fixture(scope="module")
def fitted(table):
    return fit(table, QUICK)


def test_beats_every_baseline_one_period_ahead(fitted) -> None:
    first = fitted.backtest[fitted.backtest["horizon"] == 1]
    peers = [c for c in first if c.startswith("mae_") and c not in {"mae_model", "mae_ridge"}]
    ratio = first["mae_model"] / first[peers].min(axis=1)
    assert ratio.mean() < 0.95


def test_pooled_coverage_is_near_ninety_percent(fitted) -> None:
    table = fitted.backtest
    coverage = np.average(table["coverage_90"], weights=table["n"])
    assert 0.84 < coverage < 0.96


def test_gate_opens_for_a_good_model(fitted) -> None:
    assert judge_model(fitted.errors, None).promoted


def test_drivers_add_up_and_agree_with_the_forecast(fitted, table) -> None:
    drivers = fitted.model.drivers_frame(table)
    keys = ["enterprise_id", "product_id", "target", "period", "horizon"]
    added = drivers.groupby(keys).agg(
        total=("contribution", "sum"), baseline=("baseline", "first"), forecast=("forecast", "first")
    )
    scale = np.maximum(1.0, added["forecast"].abs())
    assert (np.abs(added["total"] - (added["forecast"] - added["baseline"])) / scale).max() < 1e-9
    forecast = fitted.model.forecast_frame(table).set_index(keys)["mean"]
    np.testing.assert_allclose(added["forecast"], forecast.reindex(added.index), rtol=1e-9)


def test_driver_ranks_go_by_size(fitted, table) -> None:
    drivers = fitted.model.drivers_frame(table, horizons=(1,))
    for _, rows in drivers.groupby(["enterprise_id", "target"]):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert (np.diff(rows["contribution_model_scale"].abs()) <= 0).all()


def test_a_lever_that_acts_is_among_the_drivers(fitted, table) -> None:
    drivers = fitted.model.drivers_frame(table, horizons=(3,), targets=["ftq"])
    size = drivers.assign(size=drivers["contribution_model_scale"].abs()).groupby("feature")["size"].mean()
    assert size[size.index.str.startswith("param.lever")].max() > size.median()


def test_quantiles_rise_and_hold_the_point(fitted, table) -> None:
    frame = fitted.model.forecast_frame(table)
    quantiles = frame[list(QUANTILE_NAMES)].to_numpy()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    inside = (frame["mean"] >= quantiles[:, 0]) & (frame["mean"] <= quantiles[:, -1])
    assert inside.mean() > 0.98


def test_same_data_and_seed_give_the_same_bits(fitted, table) -> None:
    again = fit(table, QUICK).model.forecast_frame(table)
    pd.testing.assert_frame_equal(again, fitted.model.forecast_frame(table), check_exact=True)


def test_any_number_of_threads_gives_the_same_bits(fitted, table) -> None:
    three = fit(table, replace(QUICK, threads=3))
    pd.testing.assert_frame_equal(three.errors, fitted.errors, check_exact=True)
    pd.testing.assert_frame_equal(
        three.model.drivers_frame(table), fitted.model.drivers_frame(table), check_exact=True
    )


def test_work_is_asked_for_when_a_thread_is_free_and_answered_in_order() -> None:
    begun: list[int] = []
    running, most, lock = 0, 0, Lock()

    def piece(i: int) -> int:
        nonlocal running, most
        with lock:
            running, most = running + 1, max(most, running + 1)
        sleep(0.02 if i % 2 else 0.0)
        with lock:
            running -= 1
        return i

    def pieces():
        for i in range(8):
            assert running < 2
            begun.append(i)
            yield partial(piece, i)

    assert list(at_once(pieces(), 2)) == begun == list(range(8))
    assert most <= 2


def test_what_goes_wrong_in_a_thread_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(at_once([lambda: 1 / 0], 2))


def test_written_and_read_back_it_forecasts_the_same_bits(fitted, table, tmp_path) -> None:
    bundle.save(fitted.model, tmp_path / "bundle")
    again = bundle.load(tmp_path / "bundle")
    assert again.forecast(table) == fitted.model.forecast(table)
    assert again.drivers(table, horizon=2) == fitted.model.drivers(table, horizon=2)
    assert not [f for f in (tmp_path / "bundle").iterdir() if f.suffix not in {".json", ".txt", ".parquet"}]


def test_nothing_after_a_refit_reaches_its_forecasts(table) -> None:
    """Values that come later do not move an out-of-sample error made before them."""
    cut = int(table.frame["t"].max()) - 6
    spoilt = table.frame.copy()
    late = spoilt["t"] > cut
    spoilt.loc[late, ["internal_loss", "cpk"]] *= 3.0
    errors = [
        fit(type(table)(f, table.features, table.parameters), QUICK).errors for f in (table.frame, spoilt)
    ]
    early = [e[(e["target"] == "ftq") & (e["t"] + e["horizon"] <= cut - 20)] for e in errors]
    pd.testing.assert_frame_equal(*(e.reset_index(drop=True) for e in early))


def test_the_gate_refuses_a_model_that_is_worse_than_a_baseline(fitted) -> None:
    worse = fitted.errors.assign(model=fitted.errors["entity_mean"] * 1.5)
    verdict = judge_model(worse, None)
    assert not verdict.promoted
    assert all("mean absolute error is +" in reason for reason in verdict.reasons)


def test_the_gate_compares_with_the_champion_at_common_origins(fitted) -> None:
    better = fitted.errors.assign(model=fitted.errors["model"] * 0.5)
    assert not judge_model(fitted.errors, better).promoted
    assert judge_model(fitted.errors, fitted.errors).promoted


def test_origin_of_choice(fitted, table) -> None:
    rows = fitted.model.forecast(table, origin="2022-06", horizon=2)
    assert {(row.origin, row.period) for row in rows} == {("2022-06", "2022-07"), ("2022-06", "2022-08")}


def test_no_target_at_all_is_said(table) -> None:
    empty = table.frame.assign(
        **dict.fromkeys(("ftq", "internal_loss", "external_loss", "ppm", "cpk"), np.nan)
    )
    empty["q.ftq_clipped"] = np.nan
    with pytest.raises(NothingToLearnError, match="import inspections"):
        fit(type(table)(empty, table.features, table.parameters))
