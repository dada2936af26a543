"""Panels at the edge of what can be learned from: constants, hardly any rows, strange units, twins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.learning.fit import Fitted, fit
from models.learning.rolling import Settings
from tests.models.learning.plants import of_rows, retold

QUICK = Settings(refits=2)
TARGETS = ["ftq", "internal_loss", "external_loss", "ppm", "cpk"]
CONSTANTS = {"ftq": 1.0, "ppm": 0.0, "cpk": 1.5, "internal_loss": 0.0}


@pytest.fixture(scope="module")
def small(table_of):
    return table_of(seed=21, plants=10, months=40)


def _learn(table, frame: pd.DataFrame) -> tuple[Fitted, pd.DataFrame]:
    changed = of_rows(table, frame)
    fitted = fit(changed, QUICK)
    return fitted, fitted.model.forecast_frame(changed)


def _sound(rows: pd.DataFrame) -> None:
    """Finite, rising quantiles, and in the range that a target can have."""
    quantiles = rows[[c for c in rows if c.startswith("0.")]].to_numpy()
    assert np.isfinite(quantiles).all()
    assert np.isfinite(rows["mean"]).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()
    assert (quantiles[(rows["target"] == "ftq").to_numpy()] <= 1).all()


def _constant(frame: pd.DataFrame, plants: pd.Series) -> pd.DataFrame:
    frame = frame.copy()
    for name, value in CONSTANTS.items():
        frame.loc[plants & frame[name].notna(), name] = value
    submitted = frame["q.submitted"]
    clipped = (submitted + 0.5) / (submitted + 1)
    frame["q.ftq_clipped"] = frame["q.ftq_clipped"].mask(plants & frame["ftq"].notna(), clipped)
    return retold(frame)


@pytest.fixture(scope="module")
def all_constant(small):
    return _learn(small, _constant(small.frame, small.frame["t"] > 0))[1]


@pytest.mark.parametrize(
    ("target", "near"), [("ftq", 5e-4), ("ppm", 1.0), ("cpk", 1e-3), ("internal_loss", 1e-6)]
)
def test_constants_stay_and_their_fans_are_closed(all_constant, target, near) -> None:
    _sound(all_constant)
    own = all_constant[all_constant["target"] == target]
    np.testing.assert_allclose(own["mean"], CONSTANTS[target], atol=near)
    np.testing.assert_allclose(own["0.50"], CONSTANTS[target], atol=near)
    assert (own["0.95"] - own["0.05"]).max() <= 40 * near


def test_a_perfect_plant_among_others_stays_nearly_perfect(small) -> None:
    perfect = small.frame["enterprise_id"].isin(["E001", "E002"])
    _, rows = _learn(small, _constant(small.frame, perfect))
    _sound(rows)
    own = rows[rows["enterprise_id"].isin(["E001", "E002"])]
    others = rows[~rows["enterprise_id"].isin(["E001", "E002"])]
    assert own.query("target == 'ftq'")["mean"].min() >= 0.998
    assert (
        own.query("target == 'ppm'")["mean"].max() <= 0.1 * others.query("target == 'ppm'")["mean"].median()
    )
    assert (own.query("target == 'ftq'")["0.95"] == 1.0).all()
    cpk = own.query("target == 'cpk'")
    assert cpk["mean"].between(1.4, 1.6).all()


def test_a_parameter_of_one_value_and_one_never_recorded_change_nothing(small) -> None:
    fixed = {"param.fixed.last": 7.0, "param.fixed.sd": 0.0, "param.never.last": np.nan}
    wider = type(small)(small.frame.assign(**fixed), (*small.features, *fixed), small.parameters)
    plain, more = (fit(t, QUICK).model.forecast_frame(t) for t in (small, wider))
    pd.testing.assert_frame_equal(plain, more)


@pytest.mark.parametrize("unit", [1e9, 1e-9])
def test_a_parameter_s_unit_does_not_matter(small, unit) -> None:
    lever = [c for c in small.features if c.startswith("param.lever")]
    scaled = of_rows(small, small.frame.assign(**{c: small.frame[c] * unit for c in lever}))
    plain, other = (fit(t, QUICK).model.forecast_frame(t) for t in (small, scaled))
    np.testing.assert_allclose(other["mean"], plain["mean"], rtol=1e-3)


@pytest.mark.parametrize(("plants", "months"), [(1, 40), (2, 4), (8, 1), (1, 1)])
def test_hardly_any_rows_still_give_rows(table_of, plants, months) -> None:
    table = table_of(seed=22, plants=plants, months=months, missing=0.0)
    _, rows = _learn(table, table.frame)
    _sound(rows)
    assert len(rows) == plants * 5 * 12
    seen = table.frame.groupby("enterprise_id").agg({y: ["min", "max"] for y in TARGETS})
    for (plant, target), own in rows.groupby(["enterprise_id", "target"]):
        low, high = table.frame[target].min(), table.frame[target].max()
        span = max(high - low, 0.5 * high, 1e-9)
        assert own["mean"].between(low - span, high + span).all(), (plant, target, seen.loc[plant, target])


def test_a_new_industry_is_forecast_like_the_average_of_all(small) -> None:
    model = fit(small, QUICK).model
    first = small.frame.groupby("enterprise_id").head(1).head(1)
    blank = {
        c: 0.0 if c.endswith(".known") else np.nan
        for c in first
        if c.split(".")[0] in (*TARGETS, "param") and c != "q.submitted"
    }
    cold = first.assign(**blank, industry=99.0, age=0.0, enterprise_id="NEW")
    rows = model.forecast_frame(of_rows(small, cold))
    _sound(rows)
    assert len(rows) == 60
    for target, own in rows.groupby("target"):
        served = model.panels["month", "enterprise"].targets[target]
        np.testing.assert_allclose(
            own["mean"], served.link.inverse(np.array([served.prior.mean]))[0], rtol=1e-6
        )
    known = small.frame[small.frame["enterprise_id"] == "E001"].assign(industry=99.0)
    as_new = model.forecast_frame(of_rows(small, known))
    as_is = model.forecast_frame(small).query("enterprise_id == 'E001'")
    apart = np.abs(np.log(as_new["mean"].to_numpy() / as_is["mean"].to_numpy()))
    assert np.median(apart) <= 0.2  # own history speaks, not the unknown code


def test_a_plant_that_changes_its_parameters(small) -> None:
    frame = small.frame.copy()
    late, one = frame["t"] >= frame["t"].min() + 30, frame["enterprise_id"] == "E003"
    for part in ("last", "ew3", "ew12"):
        frame[f"param.second.{part}"] = frame[f"param.lever.{part}"].where(one & late)
        frame.loc[one & late, f"param.lever.{part}"] = np.nan
    names = tuple(c for c in frame if c.startswith("param.second"))
    table = type(small)(frame, (*small.features, *names), small.parameters)
    rows, before = (fit(t, QUICK).model.forecast_frame(t) for t in (table, small))
    _sound(rows)
    ratio = (rows["mean"] / before["mean"])[rows["enterprise_id"] == "E003"]
    assert np.abs(np.log(ratio)).median() <= 0.15


def test_a_target_known_of_some_plants_only_is_learned_from_those(small) -> None:
    frame = small.frame.copy()
    without = frame["enterprise_id"] > "E004"
    frame.loc[without, ["cpk", "external_loss"]] = np.nan
    fitted, rows = _learn(small, retold(frame))
    _sound(rows)
    answered = rows.groupby("target")["enterprise_id"].nunique()
    assert answered.to_dict() == {"ftq": 10, "internal_loss": 10, "external_loss": 5, "ppm": 10, "cpk": 5}
    scored = fitted.errors[fitted.errors["target"] == "cpk"].groupby("t")["n"].max()
    assert scored.max() <= 5 * 12


def test_twins_get_the_same_forecast(small) -> None:
    twins = small.frame.assign(enterprise_id=small.frame["enterprise_id"] + "-twin")
    _, rows = _learn(small, pd.concat([small.frame, twins]).sort_values(["enterprise_id", "t"]))
    _sound(rows)
    one = rows[~rows["enterprise_id"].str.endswith("-twin")].reset_index(drop=True)
    two = rows[rows["enterprise_id"].str.endswith("-twin")].reset_index(drop=True)
    numbers = [c for c in rows if c.startswith("0.")] + ["mean"]
    np.testing.assert_allclose(one[numbers], two[numbers], rtol=1e-4)


def test_enormous_and_tiny_targets(small) -> None:
    frame = small.frame.copy()
    big = frame["enterprise_id"] == "E005"
    frame.loc[big, "external_loss"] *= 1e-6
    frame.loc[big, "ppm"] = 900_000.0
    _, rows = _learn(small, retold(frame))
    _sound(rows)
    own = rows[rows["enterprise_id"] == "E005"]
    seen = frame[big]
    assert own.query("target == 'ppm'")["mean"].between(5e5, 1.5e6).all()
    loss = own.query("target == 'external_loss'")["mean"]
    assert loss.max() <= 100 * seen["external_loss"].max()
