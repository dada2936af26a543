"""What tightened suppliers do at others, followed by hand; and one slope for everybody on a joint path."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.attainment.portfolio import own_paths
from models.chains.carrying import Carry
from models.chains.keeping import Chains
from models.scenarios.downstream import downstream, slopes
from models.scenarios.wish import Tightened

SINCE = 24_000


def carry(outcome: str, slope: float = 0.2, reason: str = "") -> Carry:
    return Carry(outcome, slope, slope - 0.1, slope + 0.1, 20, 900, 0.0, reason)  # type: ignore[arg-type]


def chains(**reasons: str) -> Chains:
    """a → x (half of what x buys) → y (all) → z (a quarter); b → x (a third)."""
    ends = [("a", "x", 0.5), ("b", "x", 1 / 3), ("x", "y", 1.0), ("y", "z", 0.25)]
    links = [{"supplier_id": s, "customer_id": c, "share": w} for s, c, w in ends]
    told = {name: carry(name, reason=reasons.get(name, "")) for name in ("ftq", "ppm", "internal_loss")}
    return Chains("2025-12", told, {}, links)


def test_each_tier_gets_its_share_a_month_after_the_one_before() -> None:
    found = downstream(chains(), Tightened(suppliers=("a",), factor=0.5))
    assert found.reached == ("x", "y", "z")
    half = np.log(0.5)
    x, y, z = (found.by_month(name, SINCE, SINCE - 1, 6) for name in "xyz")
    np.testing.assert_allclose(x, [0] + [0.5 * half] * 5)
    np.testing.assert_allclose(y, [0, 0] + [0.2 * 0.5 * half] * 4)
    np.testing.assert_allclose(z, [0, 0, 0] + [0.25 * 0.2 * 0.2 * 0.5 * half] * 3)
    assert (found.by_month("x", SINCE, SINCE + 8, 3) == x[1]).all(), "records may end later than it begins"


def test_two_suppliers_add_up_and_worse_deliveries_do_harm() -> None:
    both = downstream(chains(), Tightened(suppliers=("a", "b"), factor=2.0))
    np.testing.assert_allclose(both.by_month("x", SINCE, SINCE, 2)[-1], (0.5 + 1 / 3) * np.log(2.0))


def test_where_nothing_is_shown_to_arrive_nobody_is_reached() -> None:
    tightened = Tightened(suppliers=("a",), factor=0.5)
    assert downstream(chains(ftq="not_shown"), tightened).reached == ()
    only_first = downstream(chains(ppm="refuted"), tightened)
    assert only_first.reached == ("x",)
    assert downstream(chains(), Tightened(suppliers=("nobody",), factor=0.5)).reached == ()


@settings(max_examples=25)
@given(shock=st.lists(st.integers(0, 4), min_size=8, max_size=40), name=st.text(min_size=1, max_size=5))
def test_on_a_joint_path_everybody_has_the_same_slope(shock: list[int], name: str) -> None:
    lived = np.array(shock)
    joint = [
        own_paths(slopes(carry("ftq"), who, lived)[None, :, None], lived, [who])[0, :, 0]  # type: ignore[arg-type]
        for who in (name, "somebody else")
    ]
    np.testing.assert_array_equal(*joint)


def test_slopes_scatter_as_their_interval_says_and_are_never_negative() -> None:
    found = slopes(carry("ftq", slope=0.2), "x", np.arange(20_000))
    assert found.mean() == pytest.approx(0.2, abs=0.002)
    assert np.quantile(found, [0.05, 0.95]) == pytest.approx([0.1, 0.3], abs=0.004)
    assert slopes(carry("ftq", slope=0.01), "x", np.arange(2_000)).min() == 0.0
