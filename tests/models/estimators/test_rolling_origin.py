"""Cross-validation keeps to what had arrived, whatever the panel looks like."""

import numpy as np
import pytest
import sklearn
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score

from models.estimators import RollingOrigin


@given(
    t=st.lists(st.integers(200, 260), min_size=10, max_size=80).map(np.array),
    horizon=st.integers(1, 12),
    n_splits=st.integers(1, 6),
)
def test_a_fold_learns_only_from_targets_that_had_arrived(t, horizon, n_splits):
    cv = RollingOrigin(n_splits, horizon=horizon)
    try:
        folds = list(cv.split(t, groups=t))
    except ValueError:
        assume(False)
    tested = np.concatenate([test for _, test in folds])
    assert len(set(tested)) == len(tested)
    assert len(folds) == cv.get_n_splits(groups=t) <= n_splits
    for train, test in folds:
        origin = t[test].min()
        assert (t[train] + horizon <= origin).all()
        assert not set(t[train] + horizon) & set(t[test] + horizon)
    sizes = [len(train) for train, _ in folds]
    assert sizes == sorted(sizes)


def test_folds_by_hand():
    t = np.arange(11)
    folds = [
        (train.tolist(), test.tolist()) for train, test in RollingOrigin(2, horizon=3).split(t, groups=t)
    ]
    assert folds == [([0, 1], [4, 5, 6]), ([0, 1, 2, 3, 4], [7, 8, 9, 10])] or folds == [
        ([0, 1], [4, 5, 6]),
        ([0, 1, 2, 3, 4], [7, 8, 9, 10]),
    ]


def test_every_later_row_is_tested_once():
    t = np.repeat(np.arange(30), 3)
    tested = np.concatenate([test for _, test in RollingOrigin(4, horizon=1).split(t, groups=t)])
    assert sorted(tested) == list(range(int(tested.min()), 90))


def test_time_has_to_be_said():
    with pytest.raises(ValueError, match=r"rows\.t"):
        list(RollingOrigin().split([1, 2]))
    with pytest.raises(ValueError, match="whole numbers"):
        list(RollingOrigin().split([1, 2], groups=["2023-01", "2023-02"]))
    with pytest.raises(ValueError, match="nearer horizon"):
        list(RollingOrigin(horizon=12).split([1, 2, 3], groups=[1, 2, 3]))
    with pytest.raises(ValueError, match="1 or more"):
        RollingOrigin(0)


def test_it_takes_groups_where_scikit_learn_routes_metadata():
    t = np.repeat(np.arange(20), 4)
    x = np.random.default_rng(1).normal(size=(80, 2))
    with sklearn.config_context(enable_metadata_routing=True):
        scores = cross_val_score(LinearRegression(), x, x[:, 0], cv=RollingOrigin(3), params={"groups": t})
    assert len(scores) == 3
