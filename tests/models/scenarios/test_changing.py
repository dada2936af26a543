"""What a scenario makes of a start, against windows added up by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.attainment import window
from models.attainment.levels import path_levels
from models.attainment.start import Start
from models.plans.following import Following
from models.recommend.money import Losses
from models.rules_numpy import ArrayRules
from models.scenarios import changing
from tests.models.plans.plant import ORIGIN, VALUES, begun

ALL = slice(0, 1)
FOLLOWING = Following((0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), -0.3)
LOSSES = Losses(internal=24.0, external=24.0, escaping=0.1, elasticity=1.0)
SINCE = ORIGIN + 4
"""The fourth month ahead: three come before it."""


@pytest.fixture(scope="module")
def start() -> Start:
    return begun(8, 0.4, 1, dict.fromkeys(("qms", "data"), 3), VALUES)


def paths(found: Start) -> dict[str, np.ndarray]:
    return {target: drawn.paths(ALL) for target, drawn in found.sample.drawn.items()}


def same(one: Start, other: Start, *targets: str) -> bool:
    mine, theirs = paths(one), paths(other)
    return all(np.array_equal(mine[target], theirs[target]) for target in targets or mine)


@pytest.mark.parametrize("price", [2.0, 0.5])
def test_a_price_weighs_on_the_windows_months_from_then_on(start: Start, price: float) -> None:
    found = changing.with_prices(start, price, 1.0, SINCE)
    rate = window.internal_rate(found.known, paths(found)["internal_loss"])[0, 0]
    months = np.arange(13)
    dearer = np.maximum(months - 3, 0)
    np.testing.assert_allclose(rate, 0.02 * (12 - dearer + price * dearer) / 12)
    assert same(start, found, "external_loss", "ppm", "ftq", "cpk")
    outside = changing.with_prices(start, 1.0, price, SINCE)
    np.testing.assert_array_equal(paths(outside)["external_loss"], paths(found)["internal_loss"])


def test_what_is_left_as_it_is_is_so_to_the_last_bit(start: Start) -> None:
    assert same(start, changing.with_prices(start, 1.0, 1.0, SINCE))
    assert same(start, changing.with_deliveries(start, np.zeros((1, 12)), FOLLOWING))
    assert same(start, changing.with_incoming(start, np.zeros((8, 12)), LOSSES, FOLLOWING))


@pytest.mark.parametrize(("factor", "ppm"), [(2.0, 24_000.0), (0.5, 3_000.0)])
def test_demand_changes_how_much_months_weigh_and_no_rate(start: Start, factor: float, ppm: float) -> None:
    """Twelve months at 9000 ppm, then months at another, with quantities that change in the fourth."""
    found = changing.with_demand(start, factor, SINCE)
    assert same(start, found)
    assert found.states is start.states
    assert found.known is start.known
    path = np.full((1, 1, 12), ppm)
    rate = window.nonconforming_ppm(found.known, path, found.pace)[0, 0]
    for ahead in range(13):
        known, before, after = 12 - ahead, min(ahead, 3), max(ahead - 3, 0)
        bad = 9_000 * known + ppm * (before + factor * after)
        assert rate[ahead] == pytest.approx(bad / (known + before + factor * after))


def test_demand_that_stays_is_no_change_to_the_last_bit(start: Start) -> None:
    levels = [
        path_levels(ArrayRules(), found, ALL).window
        for found in (start, changing.with_demand(start, 1.0, SINCE))
    ]
    np.testing.assert_array_equal(*levels)


def test_two_demands_multiply(start: Start) -> None:
    twice = changing.with_demand(changing.with_demand(start, 2.0, SINCE), 3.0, SINCE + 2)
    assert twice.pace.tolist() == [[1.0] * 3 + [2.0] * 2 + [6.0] * 7]


def test_what_a_supplier_delivers_is_paid_for_when_claims_come(start: Start) -> None:
    change = np.where(np.arange(12) >= 3, np.log(0.5), 0.0)[None]
    found = changing.with_deliveries(start, change, FOLLOWING)
    np.testing.assert_allclose(paths(found)["ppm"], paths(start)["ppm"] * ([1.0] * 3 + [0.5] * 9))
    paid = paths(found)["external_loss"][0, 0] / 0.02
    np.testing.assert_allclose(paid, [1.0] * 4 + [np.sqrt(0.5)] + [0.5] * 7)
    assert same(start, found, "ftq", "internal_loss", "cpk")


def test_incoming_quality_moves_failing_units_and_what_follows_from_them(start: Start) -> None:
    failing = np.zeros((8, 12))
    failing[5, 6:] = np.log(0.5)
    found = changing.with_incoming(start, failing, LOSSES, FOLLOWING)
    np.testing.assert_allclose(paths(found)["ftq"][0, 5, 6:], np.sqrt(0.96))
    np.testing.assert_allclose(paths(found)["ppm"][0, 5, 6:], 0.5 * paths(start)["ppm"][0, 5, 6:])
    np.testing.assert_allclose(paths(found)["internal_loss"][0, 5, 6:], 0.01)
    others = np.delete(paths(found)["ftq"], 5, axis=1)
    np.testing.assert_array_equal(others, np.delete(paths(start)["ftq"], 5, axis=1))
    assert same(start, found, "cpk"), "which characteristic improves, nobody knows"


@given(
    since=st.integers(-3, 20), price=st.floats(0.1, 10.0), pace=st.floats(0.1, 10.0), seed=st.integers(0, 99)
)
def test_nothing_changes_before_its_month(since: int, price: float, pace: float, seed: int) -> None:
    plain = begun(3, 0.5, seed, {}, VALUES)
    found = changing.with_demand(plain, pace, ORIGIN + 1 + since)
    found = changing.with_prices(found, price, price, ORIGIN + 1 + since)
    before = [path_levels(ArrayRules(), own, ALL).window[:, :, : max(since, 0) + 1] for own in (plain, found)]
    np.testing.assert_array_equal(*before)


@given(
    prices=st.tuples(st.floats(0.1, 1.0), st.floats(0.1, 1.0)),
    more=st.floats(1.0, 10.0),
    since=st.integers(0, 12),
    seed=st.integers(0, 99),
)
def test_cheaper_failures_never_lower_a_level(prices, more: float, since: int, seed: int) -> None:
    plain = begun(5, 0.5, seed, {}, VALUES | {"internal_loss": 0.021, "external_loss": 0.019})
    dearer = changing.with_prices(plain, *(price * more for price in prices), ORIGIN + since)
    cheaper = changing.with_prices(plain, *prices, ORIGIN + since)
    low, high = (path_levels(ArrayRules(), own, ALL).window for own in (dearer, cheaper))
    assert (high >= low).all()


def test_items_are_raised_from_a_month_on_and_never_lowered() -> None:
    def found(own: int | None, moves: dict[int, int]) -> object:
        levels = changing.raised(own, moves, ORIGIN, 6)
        return levels if levels is None or isinstance(levels, int) else levels.tolist()

    assert found(2, {ORIGIN + 3: 3, ORIGIN + 5: 4}) == [2, 2, 3, 3, 4, 4]
    assert found(2, {ORIGIN - 5: 3}) == [3] * 6
    assert found(4, {ORIGIN + 3: 3}) == [4] * 6
    assert found(3, {}) == 3
    assert found(None, {ORIGIN + 1: 4}) is None, "what was never assessed is not guessed"
