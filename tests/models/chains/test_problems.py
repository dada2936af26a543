"""Problems are what the records say, and projects answer them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.chains.problems import problems
from models.chains.projects import projects
from tests.models.chains.published import CARRY, chains, effects, gap, grade, member, move, plant, slope

GAPS = [
    gap("qms", 2, "1", ">=", "2"),
    gap("internal_loss", 4, "0.02", "<", "0.015"),
    gap("ftq", 4, "0.96", ">=", "0.97"),
    gap("sigma", 5, "200", "<=", "3.4"),
]


def world(carry=None):
    own = plant(2e5, 1e5, failures=4000.0, ppm=400.0, best_ppm=100.0, deviation=0.5, ftq=0.96)
    plants = {"s": own, "c": plant(3e6, 1e5, ppm=50.0, best_ppm=50.0, deviation=0.0)}
    graph = chains(plants, [("s", "c", 0.6)], carry)
    members = {
        "s": member("s", move("s", 1, effects(0.1, 0.1, 0.2)), grade=grade(1, 3, GAPS, cpk="not_tracked")),
        "c": member("c", grade=grade(4, 4, []), falls=0.7),
    }
    return members, graph


def listed(members, graph):
    return problems(members, graph, ["c", "s"])


def test_every_kind_says_its_figure_and_where_it_comes_from():
    found = {(one.kind, one.enterprise_id): one for one in listed(*world()) if one.what != ("ftq",)}
    loss = found["indicator", "s"]
    assert (loss.what, loss.value, loss.operator, loss.needs, loss.holds) == (
        ("internal_loss",), 0.02, "<", 0.015, 4,
    )  # fmt: skip
    assert loss.cost.estimate == 2e5
    assert loss.excess == pytest.approx(0.005 * 1e7)
    assert found["evidence", "s"].what == ("cpk", "not_tracked")
    assert (found["items", "s"].what, found["items", "s"].holds) == (("qms",), 2)
    assert (found["falling", "c"].value, found["falling", "c"].holds) == (0.7, 4)
    sent = found["deliveries", "s"]
    assert (sent.value, sent.needs, sent.customers) == (400.0, 100.0, 1)
    assert sent.cost.estimate == pytest.approx(3e6 * (1 - 0.25 ** (0.1 * 0.6)), rel=1e-3)
    sources = {one.kind: one.source for one in found.values()}
    assert sources == {
        "indicator": "grade", "evidence": "grade", "items": "assessment", "falling": "forecast",
        "deliveries": "deliveries",
    }  # fmt: skip


def test_failures_are_counted_and_the_next_level_alone_is_asked():
    found = [one for one in listed(*world()) if one.kind == "indicator"]
    assert {one.what[0] for one in found} == {"internal_loss", "ftq"}, "σ holds a later level only"
    assert next(one.units for one in found if one.what == ("ftq",)) == 4000.0


def test_a_level_that_is_not_known_asks_nothing():
    members, graph = world()
    open_level = member("s", grade=grade(None, 3, GAPS) | {"dimensions": {"performance": None}})
    assert not [
        one for one in problems({"s": open_level}, graph, ["s"]) if one.kind in ("indicator", "items")
    ]
    assert not [one for one in listed({}, graph) if one.source != "deliveries"]
    assert members["c"].falls == 0.7


def test_a_supplier_as_usual_is_none_where_nothing_arrives():
    unshown = {name: slope(name, 0.1, "not_shown") for name in CARRY}
    members, graph = world(unshown)
    assert next(one for one in listed(members, graph) if one.kind == "deliveries").cost is None
    graph.plants["s"].update(deviation=0.1)
    assert not [one for one in listed(members, graph) if one.kind == "deliveries"]


def test_lots_that_fail_more_often_are_the_links_problem():
    members, graph = world()
    lots = {"lots": 9, "submitted": 900, "failed": 90, "ratio": 1.8, "low": 1.2, "high": 2.7}
    (link,) = graph.links
    found = problems(members, replace(graph, links=[{**link, "lots": lots}]), ["c", "s"])
    (one,) = [problem for problem in found if problem.kind == "lots"]
    assert (one.other, one.value, one.low, one.units) == ("c", 1.8, 1.2, 90.0)
    unsure = replace(graph, links=[{**link, "lots": lots | {"low": 0.9}}])
    assert not [one for one in problems(members, unsure, ["c", "s"]) if one.kind == "lots"]
    assert not [one for one in problems(members, graph, ["s"]) if one.kind == "lots"]


def test_a_project_says_whom_it_helps_and_which_problems_it_answers():
    members, graph = world()
    found = listed(members, graph)
    (one,) = projects(members, graph, ["c", "s"], found)
    assert (one.kind, one.customers, one.months) == ("process", ("c",), 3)
    assert {found[number - 1].kind for number in one.answers} == {"indicator", "deliveries"}
    assert one.own.estimate == pytest.approx(0.1 * 2e5 + 0.1 * 1e5)
    assert one.downstream.estimate == pytest.approx(3e6 * (1 - 0.8 ** (0.1 * 0.6)))
    assert one.twice.estimate == pytest.approx(0.1 * 1e5), "all that it saves outside may be the customer's"
    assert one.net.estimate == pytest.approx(
        one.own.estimate + one.downstream.estimate - one.twice.estimate - 1000.0
    )
    graph.plants["s"]["pace"] = "week"
    assert projects(members, graph, ["c", "s"], found)[0].months == 1


def test_a_supplier_without_a_trustworthy_move_is_a_project_without_a_measure():
    members, graph = world()
    members["s"] = replace(members["s"], moves=())
    (one,) = projects(members, graph, ["c", "s"], listed(members, graph))
    assert (one.kind, one.move, one.cost, one.months, one.net) == ("supply", {}, None, None, None)
    assert one.downstream.low > 0
    unshown = {name: slope(name, 0.1, "not_shown") for name in CARRY}
    members, graph = world(unshown)
    members["s"] = replace(members["s"], moves=())
    assert projects(members, graph, ["c", "s"], []) == []
