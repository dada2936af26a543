"""The transformer is the forecaster's own link, both ways."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.estimators import TargetLink
from models.forecast.links import FARTHEST, fit_link
from models.results import TARGETS

SAMPLES = {"ftq": (0.5, 0.9999), "cpk": (0.2, 3.0), "ppm": (0.0, 5e4)}


@pytest.mark.parametrize("target", TARGETS)
@given(seed=st.integers(0, 2**32 - 1))
def test_it_is_the_products_link_and_comes_back(target, seed):
    low, high = SAMPLES.get(target, (0.0, 0.1))
    values = np.random.default_rng(seed).uniform(low, high, size=(20, 2))
    values[3, 1] = np.nan
    linked = TargetLink(target).fit_transform(values)
    first = values[:, 0]
    np.testing.assert_array_equal(linked[:, 0], fit_link(target, first).forward(first))
    np.testing.assert_allclose(TargetLink(target).fit(values).inverse_transform(linked), values, rtol=1e-9)


def test_the_yield_by_hand():
    np.testing.assert_allclose(
        TargetLink("ftq").fit_transform([[np.exp(-1.0)], [np.exp(-np.e)]]), [[0.0], [1.0]]
    )


def test_an_answer_stays_within_reach_of_what_was_seen():
    link = TargetLink("external_loss").fit(np.array([[0.01], [0.02]]))
    farthest = link.inverse_transform([[50.0]])[0, 0]
    assert farthest == pytest.approx((0.02 + 0.005) * np.exp(FARTHEST) - 0.005)


def test_an_unknown_target_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"yield.*ftq, internal_loss"):
        TargetLink("yield").fit([[0.9], [0.8]])
