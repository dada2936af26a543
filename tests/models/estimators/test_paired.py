"""Two estimators on the same origins: what is told apart, and how often chance is taken for it."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyRegressor

from models.estimators import LearningRows, RidgeThenTrees, TargetLink, against, paired


class Column(RegressorMixin, BaseEstimator):
    """A forecast that was made long before: one column as it is."""

    def __init__(self, name="a"):
        self.name = name

    def fit(self, X, y):
        return self

    def predict(self, X):
        return X[self.name].to_numpy()


def made(seed, sd_of_b, months=40, plants=8):
    """Forecasts `a` and `b` of the same rows; months share most of each error."""
    rng = np.random.default_rng(seed)
    t = np.repeat(np.arange(months), plants)
    y = rng.normal(size=len(t))
    shared = rng.normal(size=(2, months))[:, t]
    own = rng.normal(size=(2, len(t)))
    errors = np.sqrt(0.7) * shared + np.sqrt(0.3) * own
    x = pd.DataFrame({"a": y + errors[0], "b": y + sd_of_b * errors[1]})
    return LearningRows(x, pd.Series(y), t, 1)


def test_equal_forecasts_are_rarely_told_apart_though_months_share_their_errors():
    verdicts = [paired(Column("a"), Column("b"), made(seed, 1.0)).verdict for seed in range(200)]
    assert sum(verdict != "level" for verdict in verdicts) <= 24  # 5 % nominal; few origins cost some


def test_a_clear_difference_is_told():
    found = paired(Column("a"), Column("b"), made(1, 3.0))
    assert found.verdict == "better"
    assert found.ratio == pytest.approx(found.ours / found.theirs)
    assert paired(Column("b"), Column("a"), made(1, 3.0)).verdict == "worse"


def test_many_are_told_in_one_table():
    found = against(Column("a"), {"b": Column("b"), "a": Column("a")}, made(1, 3.0))
    assert found["verdict"].to_dict() == {"b": "worse", "a": "level"}
    assert found.loc["a", ["ratio", "±"]].tolist() == [1.0, 0.0]


def test_by_hand():
    x = pd.DataFrame({"a": np.ones(10), "b": np.full(10, 2.0)})
    found = paired(Column("a"), Column("b"), LearningRows(x, pd.Series(np.zeros(10)), np.arange(10), 1), 1)
    assert (found.ours, found.theirs, found.ratio, found.error) == (1.0, 2.0, 0.5, 0.0)


def test_the_forecasters_parts_beat_one_mean_for_everybody(rows):
    ours = TransformedTargetRegressor(RidgeThenTrees(target="ftq"), transformer=TargetLink("ftq"))
    assert paired(ours, DummyRegressor(), rows).verdict == "better"


def test_a_single_origin_says_nothing():
    x = pd.DataFrame({"a": np.zeros(3), "b": np.ones(3)})
    rows = LearningRows(x, pd.Series(np.zeros(3)), np.array([0, 0, 2]), 1)
    assert paired(Column("a"), Column("b"), rows, 1).verdict == "unknown"
