"""A chain's benefits are counted once: against loops by hand, and against what adding up would give."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.chains.benefit import balance, own_of
from models.chains.projects import projects
from tests.models.chains.published import CARRY, chains, effects, member, move, plant, slope

SHARE = st.floats(0.0, 0.6)
LINKS = [("a", "b", 0.5), ("b", "c", 0.8), ("a", "c", 0.2)]


def world(shares, carry=None, external=4e5):
    ids = ["a", "b", "c"]
    losses = dict(zip(ids, (1e6, 2e6, 3e6), strict=True))
    plants = {name: plant(losses[name], external) for name in ids}
    members = {
        name: member(name, move(name, 1, effects(*own))) for name, own in zip(ids, shares, strict=True)
    }
    return members, chains(plants, LINKS, carry), ids, losses


def by_hand(shares, losses, external):
    """Every customer's internal loss with everybody's moves, walked link by link."""
    sent = {name: math.log(1 - own[2]) for name, own in zip("abc", shares, strict=True)}
    at_b = 0.5 * sent["a"]
    at_c = 0.8 * sent["b"] + 0.2 * sent["a"] + 0.3 * 0.8 * at_b
    arrives = {"a": 0.0, "b": at_b, "c": at_c}
    inside = {
        name: losses[name] * (1 - (1 - own[0]) * math.exp(0.1 * arrives[name]))
        for name, own in zip("abc", shares, strict=True)
    }
    return inside, {name: external * own[1] for name, own in zip("abc", shares, strict=True)}


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[st.tuples(SHARE, SHARE, SHARE)] * 3))
def test_what_is_avoided_is_what_walking_the_links_gives(shares):
    members, graph, ids, losses = world(shares)
    found = balance(members, graph, ids)
    inside, outside = by_hand(shares, losses, 4e5)
    for line in found.lines:
        own, got = line.own_internal.estimate, line.received.estimate
        assert own + got == pytest.approx(inside[line.enterprise_id], rel=1e-9, abs=1e-6)
        assert line.own_external.estimate == pytest.approx(outside[line.enterprise_id])
    twice = sum(line.twice.estimate for line in found.lines)
    whole = sum(inside.values()) + sum(outside.values())
    assert found.avoided.estimate == pytest.approx(whole - twice)
    assert found.net.estimate == pytest.approx(found.avoided.estimate - 3000.0)


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[st.tuples(SHARE, SHARE, SHARE)] * 3))
def test_nothing_is_avoided_twice(shares):
    """Never more than is lost, never more than the projects one by one, and claims at most once."""
    members, graph, ids, losses = world(shares)
    found = balance(members, graph, ids)
    for line in found.lines:
        assert line.own_internal.estimate + line.received.estimate <= losses[line.enterprise_id] + 1e-6
        assert 0 <= line.twice.estimate <= line.own_external.estimate + 1e-9
        assert line.avoided.low <= line.avoided.estimate + 1e-6
    assert found.avoided.low - 1e-6 <= found.avoided.estimate <= found.avoided.high + 1e-6
    alone = projects(members, graph, ids, [])
    one_by_one = sum(one.own.estimate + (one.downstream or (0,))[0] for one in alone)
    together = sum(
        line.own_internal.estimate + line.own_external.estimate + line.received.estimate
        for line in found.lines
    )
    assert together <= one_by_one + 1e-6
    received = sum(line.received.estimate for line in found.lines)
    assert sum(line.twice.estimate for line in found.lines) <= received + 1e-6


def test_claims_that_customers_no_longer_make_are_not_a_second_gain():
    """All that the supplier saves outside is what its customer saves inside: it counts once."""
    shares = [(0.0, 0.5, 0.5), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)]
    members, graph, ids, _ = world(shares, external=1000.0)
    found = balance(members, graph, ids)
    supplier = found.lines[0]
    assert supplier.own_external.estimate == pytest.approx(500.0)
    assert supplier.twice.estimate == pytest.approx(500.0), "the customers save far more inside"
    received = sum(line.received.estimate for line in found.lines)
    assert found.avoided.estimate == pytest.approx(received)
    # Without a link that carries anything there is nobody to be the same money with.
    unshown = CARRY | {"internal_loss": slope("internal_loss", 0.1, "not_shown")}
    alone = balance(*world(shares, unshown, external=1000.0)[:3])
    assert (alone.carried, alone.lines[0].twice.estimate) == (False, 0.0)
    assert alone.avoided.estimate == pytest.approx(500.0)
    assert all(line.received is None for line in alone.lines)


def test_moves_of_one_enterprise_count_with_their_joint_effect():
    both = {"parameter_ids": ["p1", "p2"], "effects": effects(0.3, 0.3, 0.3)}
    rows = [move("a", 1, effects(0.25, 0.2, 0.2), together=both), move("a", 2, effects(0.2, 0.2, 0.2))]
    own = own_of(rows)
    assert own.internal == pytest.approx((0.3, 0.15, 0.45))
    assert own.sent == pytest.approx((math.log(0.7), math.log(0.85), math.log(0.55)))
    assert own.cost == 2000.0
    assert own_of(rows[:1]).internal.estimate == pytest.approx(0.25)
    with pytest.raises(ValueError, match="allowed: all of them, or one"):
        own_of([*rows, move("a", 3, effects(0.1, 0.1, 0.1))])


def test_what_is_not_on_record_is_not_claimed():
    members, graph, ids, _ = world([(0.1, 0.1, 0.1)] * 3)
    graph.plants["b"].update(internal=None, external=None)  # type: ignore[attr-defined]
    line = balance(members, graph, ids).lines[1]
    assert (line.internal_now, line.own_internal, line.own_external, line.received) == (None,) * 4
    assert tuple(line.avoided) == (0.0, 0.0, 0.0)


def test_a_chain_of_nobody_is_empty():
    found = balance({}, chains({}, []), [])
    assert (found.lines, tuple(found.avoided), found.cost) == ((), (0, 0, 0), 0)


def test_moves_without_any_loss_on_record_are_left_out_whole():
    """Cost alone, with nothing to hold against it, would make the sum look worse than anybody knows."""
    members, graph, ids, _ = world([(0.1, 0.1, 0.5), (0.1, 0.1, 0.1), (0.1, 0.1, 0.1)])
    graph.plants["a"].update(internal=None, external=None)  # type: ignore[attr-defined]
    found = balance(members, graph, ids)
    supplier = found.lines[0]
    assert (supplier.cost, supplier.left_out, found.unpriced) == (0.0, 1000.0, 1)
    assert found.cost == 2000.0
    alone = balance({name: members[name] for name in "bc"}, graph, ids)
    assert found.avoided == pytest.approx(alone.avoided), "nor is what it would send on"
