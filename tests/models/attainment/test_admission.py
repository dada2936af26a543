"""The two-state chain of a Cpk's admissibility."""

from __future__ import annotations

import numpy as np
import pytest

from models.attainment.admission import Admission, learn_admission


def test_without_anything_learned_todays_state_is_held() -> None:
    today = np.array([True, False])
    found = Admission().inadmissible(["A", "B"], today, 20, 12, 1)
    assert found.shape == (2, 20, 13)
    assert (found == today[:, None, None]).all()


def test_shares_follow_the_chain() -> None:
    """After h months: steady share + (today − steady) × (1 − lost − regained)ʰ."""
    chain = Admission(lost=0.05, regained=0.25)
    found = chain.inadmissible(["A", "B"], np.array([True, False]), 20_000, 12, 1).mean(axis=1)
    steady, memory = 0.05 / 0.3, 0.7 ** np.arange(13)
    np.testing.assert_allclose(found[0], steady + (1 - steady) * memory, atol=0.015)
    np.testing.assert_allclose(found[1], steady * (1 - memory), atol=0.015)


def test_an_enterprise_draws_the_same_whoever_else_is_asked() -> None:
    chain, today = Admission(0.1, 0.3), np.array([True, False, True])
    together = chain.inadmissible(["A", "B", "C"], today, 30, 12, 7)
    alone = chain.inadmissible(["C"], today[2:], 30, 12, 7)
    assert (together[2] == alone[0]).all()
    assert (together[0] != together[2]).any()


@pytest.mark.parametrize("months", [1, 3])
def test_monthly_chances_are_found_from_states_that_lie_months_apart(months: int) -> None:
    chain = Admission(lost=0.04, regained=0.3)
    today = np.random.default_rng(2).random(300) < 0.3
    drawn = chain.inadmissible([f"E{i}" for i in range(300)], today, 200, 12, 3)
    before, after = drawn[:, :, 0].ravel(), drawn[:, :, months].ravel()
    found = learn_admission(before, after, months)
    assert found.lost == pytest.approx(0.04, abs=0.004)
    assert found.regained == pytest.approx(0.3, abs=0.02)


def test_nothing_seen_is_a_mild_prior_and_json_comes_back() -> None:
    nothing = np.zeros(0, dtype=bool)
    found = learn_admission(nothing, nothing, 3)
    assert found.lost == 0.0
    assert found.regained == pytest.approx(0.2)
    assert Admission.from_dict(found.to_dict()).regained == pytest.approx(0.2)
    assert Admission.from_dict(None) == Admission()


def test_looking_further_changes_nothing_nearer() -> None:
    chain, today = Admission(lost=0.05, regained=0.25), np.array([True, False])
    near, far = (chain.inadmissible(["A", "B"], today, 40, months, 5) for months in (12, 36))
    assert (far[:, :, :13] == near).all()
    assert far[:, :, 13:].any()
    assert not far[:, :, 13:].all()
