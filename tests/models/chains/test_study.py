"""Who sees numbers alone sees no money, no lever, and no sum from which one loss could be worked out."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from models.chains.problems import problems
from models.chains.study import reached, study
from tests.models.chains.published import CARRY, chains, effects, gap, grade, member, move, plant, slope

LOSS = gap("internal_loss", 4, "0.02", "<", "0.015")
IDS = ["a", "b", "c"]


def world(carry=None):
    plants = {name: plant(1e6, 5e5, ppm=400.0, best_ppm=100.0, deviation=0.5) for name in [*IDS, "x"]}
    graph = chains(plants, [("a", "b", 0.5), ("b", "c", 0.8), ("x", "a", 0.4), ("c", "x", 0.3)], carry)
    members = {
        name: member(
            name, move(name, 1, effects(0.1, 0.1, 0.2), parameter_name="secret"), grade=grade(3, 3, [LOSS])
        )
        for name in [*IDS, "x"]
    }
    return graph, members


def test_whoever_sees_everything_is_told_everything():
    graph, members = world()
    found = study("chain", graph, members, IDS, ["x"])
    assert found.whole
    assert found.suppliers == ("x",)
    assert {one.enterprise_id for one in found.problems if one.kind == "deliveries"} == {*IDS, "x"}
    assert {one.enterprise_id for one in found.projects if one.kind == "process"} == set(IDS)
    assert all(one.cost is not None for one in found.problems)
    assert all(one.move["parameter_name"] == "secret" for one in found.projects if one.move)
    assert [one.kind for one in found.problems].count("indicator") == 3


def test_numbers_alone_hold_no_money_and_no_lever():
    graph, members = world()
    found = study("chain", graph, members, IDS, ["x"], frozenset())
    assert (found.balance.lines, found.whole) == ((), False)
    for one in found.problems:
        assert (one.cost, one.excess, one.units) == (None, None, None)
        assert one.value is not None, "numbers stay"
    for one in found.projects:
        assert (one.own, one.cost, one.net, one.downstream, one.twice) == (None,) * 5
        assert "secret" not in str(asdict(one))
        if one.mended:
            assert (one.mended.saved, one.mended.rejects) == (None, None)
            assert one.mended.eased.estimate > 0


def test_without_money_the_strongest_move_stands_first():
    graph, members = world()
    members["c"] = member("c", move("c", 1, effects(0.4, 0.1, 0.2)), grade=grade(3, 3, [LOSS]))
    found = study("chain", graph, members, IDS, ["x"], frozenset())
    assert found.projects[0].enterprise_id == "c"
    assert [one.relief for one in found.projects if one.move] == pytest.approx([0.4, 0.1, 0.1])


def test_a_sum_is_told_where_all_whose_losses_are_in_it_are_ones_own():
    graph, members = world()
    found = study("chain", graph, members, IDS, ["x"], frozenset({"a", "b"}))
    money = {one.enterprise_id: one for one in found.projects if one.kind == "process"}
    assert money["a"].own is not None
    assert money["a"].downstream is None, "its deliveries reach c by way of b"
    assert {line.enterprise_id for line in found.balance.lines} == {"a", "b"}
    assert not found.whole
    for line in found.balance.lines:
        assert line.twice == line.own_external, "what c no longer claims is not told"
    unpassed = {**CARRY, "ppm": slope("ppm", 0.3, "not_shown")}
    graph, members = world(unpassed)
    near = study("chain", graph, members, IDS, ["x"], frozenset({"a", "b"}))
    assert next(one for one in near.projects if one.enterprise_id == "a").downstream is not None


def test_the_numbers_of_problems_are_their_places_in_the_list():
    graph, members = world()
    for details in (None, frozenset(), frozenset({"a"})):
        found = study("chain", graph, members, IDS, ["x"], details)
        for one in found.projects:
            assert one.answers
            assert {found.problems[number - 1].enterprise_id for number in one.answers} == {one.enterprise_id}


def test_reached_walks_every_tier_and_survives_circles():
    graph, _ = world()
    assert reached(graph, IDS) == {"a": {"b", "c"}, "b": {"c"}}
    everybody = reached(graph, [*IDS, "x"])
    assert everybody["a"] == {"a", "b", "c", "x"}
    one_tier = replace(graph, carry={**CARRY, "ppm": slope("ppm", 0.3, "refuted")})
    assert reached(one_tier, IDS)["a"] == {"b"}


def test_halving_a_supplier_eases_its_customers_by_a_share_of_nobody():
    graph, _ = world()
    mended = graph.mended(IDS)["b"]
    assert mended.eased.estimate == pytest.approx(1 - 0.5 ** (0.1 * 0.8))
    richer = replace(graph, plants={**graph.plants, "c": plant(9e9, None)})
    assert richer.mended(IDS)["b"].eased == mended.eased
    assert problems({}, graph, [], ()) == []
