"""Capability put together: the mean of late, the spread of the year, the two lowest characteristics."""

import numpy as np
import pandas as pd
import pytest

from features.model_table.capability_features import capability_features
from features.model_table.grid import make_grid
from features.tables import FrameTables

MONTHS = 6


def rows(name, mean, sd, lsl, usl):
    return pd.DataFrame(
        {
            "enterprise_id": "E", "product_id": "", "t": np.arange(MONTHS), "characteristic_id": name,
            "mean": mean, "log_sd": np.log(sd), "lsl": lsl, "usl": usl,
        }
    )  # fmt: skip


def features(*characteristics):
    graded = pd.concat(characteristics, ignore_index=True)
    like = FrameTables({"enterprises": pd.DataFrame({"enterprise_id": ["E"]})}).table("enterprises")
    return capability_features(graded, make_grid([graded], {"E": MONTHS - 1}), like)


def test_steady_characteristics_keep_their_cpk_lowest_first():
    found = features(rows("a", 10.0, 0.5, 7.0, 13.0), rows("b", 5.0, 1.0, np.nan, 9.5))
    np.testing.assert_allclose(found["capability.lowest"], 4.5 / 3)
    np.testing.assert_allclose(found["capability.second"], 3.0 / 1.5)


def test_the_mean_is_followed_faster_than_the_spread():
    late = np.arange(MONTHS) == MONTHS - 1
    moved = features(rows("a", np.where(late, 12.0, 10.0), 0.5, 7.0, 13.0))["capability.lowest"]
    wider = features(rows("a", 10.0, np.where(late, 1.5, 0.5), 7.0, 13.0))["capability.lowest"]
    assert moved[-1] / moved[-2] < 0.75 < wider[-1] / wider[-2] < 1.0


def test_one_characteristic_has_no_second_and_a_mean_outside_is_hopeless():
    found = features(rows("a", 20.0, 0.5, 7.0, 13.0))
    assert found["capability.lowest"] == pytest.approx(0.05)
    assert np.isnan(found["capability.second"]).all()
