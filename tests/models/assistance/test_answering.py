"""Where help works, against portfolios and options whose every number is written down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.assistance.answering import assist
from models.assistance.case import AssistanceError, Case, Question
from models.assistance.nearly import falling, one_short
from models.assistance.options import NoOptionsError, Options, none, write
from models.assistance.problem import Limits
from models.assistance.standing import cap
from models.portfolio import Target
from tests.models.assistance.helped import option, options
from tests.models.portfolio.portfolios import Plant, portfolio, steady

PATHS = 8
ALWAYS, NEVER = [3] * PATHS, [0] * PATHS
HALF = [2, 2, 0, 0] * 2


def plants():
    """Three at level 2: one gets to 3 anyhow on half of the paths; two of them can be helped."""
    return [
        Plant("a", 2, steady(2), {3: HALF}, region="330100"),
        Plant("b", 2, steady(2), {3: NEVER}, region="330100"),
        Plant("c", 2, steady(2), {3: NEVER}, region="420100"),
    ]


def kept():
    return options(
        [
            (option("b", 1e5), {3: HALF}, {3: NEVER}),
            (option("b", 4e5), {3: ALWAYS}, {3: ALWAYS}),
            (option("c", 3e5), {3: [9] * PATHS}, {3: [9] * PATHS}),
        ],
        PATHS,
    )


def target(count=2, by="2026-12", **changed):
    return Target("t", "assurance", "2024-12", by, count, **changed)


@pytest.fixture
def asked(tmp_path):
    made = portfolio(tmp_path, plants(), PATHS)

    def ask(count=2, by="2026-12", group=None, among=None, own=None, **question):
        wish = Question(target(count, by, **(group or {})), "grade", **question)
        return assist(Case(wish, made, kept() if own is None else own, among), seconds=4)

    return ask


def names(choice):
    return {one.enterprise_id for one in choice.helped}


def test_the_cheapest_set_is_chosen_and_says_what_it_does(asked):
    found = asked(2)
    assert (found.outcome, found.open, found.with_options) == ("found", 3, 2)
    assert (found.before, found.expected) == (0.0, 0.5)
    # b and c surely make two; a makes the second on half of the paths only.
    assert names(found.best) == {"b", "c"}
    assert found.best.cost == 7e5
    assert (found.best.probability, found.best.weak) == (1.0, 1.0)
    assert found.best.expected == pytest.approx(2.5)
    assert found.best.proven
    assert found.best.bound == pytest.approx(7e5)
    assert found.robust is None  # the best one is
    helped = {one.enterprise_id: one for one in found.best.helped}
    assert (helped["b"].before, helped["b"].after) == (0.0, 1.0)
    assert helped["c"].in_force == "2026-03"


def test_less_is_enough_where_less_is_wanted(asked):
    found = asked(1, probability=0.9)
    # c alone does; b for sure costs more.
    assert names(found.best) == {"c"}
    assert asked(1, probability=0.5).outcome == "already"


def test_what_holds_at_the_weak_end_costs_more(tmp_path):
    own = options(
        [(option("b", 1e5), {3: ALWAYS}, {3: NEVER}), (option("c", 3e5), {3: ALWAYS}, {3: ALWAYS})], PATHS
    )
    made = portfolio(tmp_path, plants()[1:], PATHS)
    found = assist(Case(Question(target(1), "grade"), made, own), seconds=4)
    assert names(found.best) == {"b"}
    assert (found.best.probability, found.best.weak) == (1.0, 0.0)
    assert found.robust is not None
    assert names(found.robust) == {"c"}
    assert found.robust.weak == 1.0


def test_limits_are_kept_and_a_miss_is_said(asked):
    poor = asked(2, limits=Limits(3.5e5))
    assert poor.outcome == "short"
    assert poor.best.cost <= 3.5e5
    assert not poor.best.meets
    # Two at least: a on half of the paths, and c.
    assert poor.best.probability == pytest.approx(0.5)
    assert poor.price is not None
    assert poor.price.budget == 3.5e5
    alone = asked(2, limits=Limits(None, 1))
    assert alone.best.enterprises == 1
    there = asked(1, probability=0.9, region="33")
    assert names(there.best) == {"b"}


def test_it_counts_by_the_targets_month(asked):
    # c is there in the ninth month only.
    assert names(asked(1, by="2026-08", probability=0.9).best) == {"b"}
    assert asked(2, by="2026-08").outcome == "short"


def test_only_whom_one_may_see_is_counted(asked):
    found = asked(1, probability=0.9, among=np.array([True, True, False]))
    assert found.open == 2
    assert names(found.best) == {"b"}


def test_without_trustworthy_actions_it_says_so(asked):
    found = asked(2, own=none(PATHS))
    assert (found.outcome, found.with_options, found.best.enterprises) == ("no_options", 0, 0)
    assert found.price is None
    assert [point.cost for point in found.frontier] == [0.0]


def test_more_money_never_makes_it_less_likely(asked):
    points = asked(2).frontier
    assert [point.cost for point in points] == sorted(point.cost for point in points)
    assert [point.probability for point in points] == sorted(point.probability for point in points)
    assert points[0].cost == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"by": "2025-12"}, "past"), ({"by": "2026-12", "level_id": "standard"}, "standard")],
)
def test_what_cannot_be_helped_is_refused(tmp_path, changed, said):
    made = portfolio(tmp_path, plants(), PATHS)
    wish = Question(replace(target(2), **changed), "grade")
    with pytest.raises(AssistanceError, match=said):
        Case(wish, made, kept())


def test_options_are_read_as_they_were_written(tmp_path):
    with pytest.raises(NoOptionsError, match="zhuoyue publish"):
        Options.load(tmp_path)
    own = options(
        [(option("b", 1e5, fall=float("nan")), {3: HALF}), (option("c", 2e5, 0.25), {4: ALWAYS})], PATHS
    )
    write(tmp_path, own)
    read = Options.load(tmp_path)
    assert read.rows[1] == own.rows[1]
    assert np.isnan(read.rows[0].fall("grade", 6))
    for key, firsts in own.firsts.items():
        assert (read.firsts[key] == firsts).all()


def with_own(made, **own):
    """The portfolio with other own levels."""
    columns = {
        **made.columns,
        **{f"own.{name}": np.array(level, dtype=np.int8) for name, level in own.items()},
    }
    return replace(made, columns=columns)


def test_who_is_held_back_by_management_alone(tmp_path):
    made = portfolio(tmp_path, plants(), PATHS)
    everybody = np.ones(3, dtype=np.bool_)
    # By hand: all items of all three are at 2.
    found = cap(made, "grade", everybody, 3)
    assert (found.enterprises, found.one_item) == (3, 0)
    assert {one.enterprises for one in found.items} == {3}
    assert len(found.items) == 9
    items = [one.item for one in found.items]
    some = with_own(made, **{item: [3, 3, 2] for item in items[1:]}, **{items[0]: [3, 2, 2]})
    found = cap(some, "grade", everybody, 3)
    assert (found.enterprises, found.one_item) == (2, 1)
    assert cap(some, "performance", everybody, 3).enterprises == 0


def test_who_lacks_one_thing_only(tmp_path):
    made = portfolio(tmp_path, plants(), PATHS)
    high = {name: [3, 3, 3] for name in made.order}
    some = with_own(made, **{**high, "ftq": [2, 3, 2], "qms": [3, 2, 2]})
    found = one_short(some, kept(), "grade", np.ones(3, dtype=np.bool_), 3)
    assert [(one.enterprise_id, one.item, one.management) for one in found] == [
        ("a", "ftq", False),
        ("b", "qms", True),
    ]
    assert (found[0].operator, found[0].value, found[0].chance) == (
        ">=",
        pytest.approx(0.9),
        pytest.approx(0.5),
    )
    assert found[0].needs is not None
    assert found[1].cost == 4e5  # the cheaper option gets there on half of the paths, not on more
    alone = one_short(some, kept(), "performance", np.ones(3, dtype=np.bool_), 3)
    assert [one.enterprise_id for one in alone] == ["a", "c"]


def test_who_may_fall_and_what_would_hold_it(tmp_path):
    made = portfolio(tmp_path, plants(), PATHS)
    columns = dict(made.columns)
    for ahead in (3, 6, 12):
        columns[f"grade.fall.{ahead}"] = np.array([0.05, 0.6, 0.4], dtype=np.float32)
    made = with_own(
        replace(made, columns=columns), **{name: [3, 3, 3] for name in made.order if name != "cpk"}
    )
    own = options(
        [(option("b", 1e5, 0.3, 0.5), {}), (option("b", 9e5, 0.1, 0.2), {}), (option("c", 1e5, 0.7), {})],
        PATHS,
    )
    found = falling(made, own, "grade", np.ones(3, dtype=np.bool_), 0.1)
    assert [one.enterprise_id for one in found] == ["b", "c"]
    assert found[0].holding == ("cpk",)
    assert (found[0].held, found[0].held_weak, found[0].cost) == (0.1, 0.2, 9e5)
    assert found[1].held is None  # its option makes it worse
