"""The cheapest split over processes, against trying every split there is and bounds of other kinds."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import log, prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qm_rules.first_pass import chains_of, first_pass_yield
from qm_rules.shortfall.cheapest import cheapest
from qm_rules.shortfall.routes import routes_of

BOUNDS = [
    Fraction(9, 10),
    Fraction(95, 100),
    Fraction(97, 100),
    Fraction(98, 100),
    Fraction(1),
    Fraction(1, 2),
]
UNIT_COSTS = ["1", "2", "0.5", "1.25", "3", "7.1", "0.000001"]


def official(rows):
    return Fraction(*first_pass_yield(chains_of(rows)))


def moved(rows, routes, split):
    """The rows after the split."""
    more = {
        (route.product_id, process.id): count
        for route, counts in zip(routes, split.counts, strict=True)
        for stage, row in zip(route.stages, counts, strict=True)
        for process, count in zip(stage.processes, row, strict=True)
    }
    assert min(more.values()) >= 0
    found = [
        {**row, "passed_first": row["passed_first"] + more[row["product_id"], row["process_id"]]}
        for row in rows
    ]
    assert all(row["passed_first"] <= row["submitted"] for row in found)
    return found, more


def least_of_all(rows, bound, costs):
    """The least cost by trying every split, the cheap ones not skipped but the dear ones."""
    best = None
    each = [costs.get((row["product_id"], row["process_id"]), Fraction(1)) for row in rows]
    for units in product(*[range(row["submitted"] - row["passed_first"] + 1) for row in rows]):
        cost = sum(one * count for one, count in zip(each, units, strict=True))
        if best is not None and cost >= best:
            continue
        better = [
            {**row, "passed_first": row["passed_first"] + count}
            for row, count in zip(rows, units, strict=True)
        ]
        if official(better) >= bound:
            best = cost
    return best


@st.composite
def small_rows(draw):
    rows = []
    for number in range(draw(st.integers(1, 5))):
        submitted = draw(st.one_of(st.integers(1, 8), st.integers(5, 60)))
        failed = min(submitted, draw(st.integers(0, 4)))
        row = {
            "product_id": f"P{draw(st.integers(0, 2))}",
            "process_id": str(number),
            "seq": draw(st.integers(1, 3)),
        }
        rows.append({**row, "submitted": submitted, "passed_first": submitted - failed})
    return rows


@settings(max_examples=150, deadline=None)
@given(small_rows(), st.sampled_from(BOUNDS))
def test_plain_costs_give_the_cheapest_split_and_prove_it(rows, bound):
    assume(official(rows) < bound)
    routes, step = routes_of(rows)
    split = cheapest(routes, bound.as_integer_ratio())
    after, more = moved(rows, routes, split)
    assert official(after) >= bound
    assert step == 1
    assert split.cost == split.least == sum(more.values()) == least_of_all(rows, bound, {})


@settings(max_examples=150, deadline=None)
@given(small_rows(), st.sampled_from(BOUNDS), st.data())
def test_any_costs_give_a_split_that_reaches_the_bound_and_a_true_lower_bound(rows, bound, data):
    assume(official(rows) < bound)
    keys = [(row["product_id"], row["process_id"]) for row in rows]
    costs = {key: Decimal(data.draw(st.sampled_from(UNIT_COSTS))) for key in keys if data.draw(st.booleans())}
    routes, step = routes_of(rows, costs)
    split = cheapest(routes, bound.as_integer_ratio())
    after, more = moved(rows, routes, split)
    assert official(after) >= bound
    exact = {key: Fraction(cost) for key, cost in costs.items()}
    assert sum(count * exact.get(key, Fraction(1)) for key, count in more.items()) == split.cost * step
    dearest_unit = max([exact.get(key, Fraction(1)) for key in keys])
    best = least_of_all(rows, bound, exact)
    assert split.least * step <= best <= split.cost * step
    assert split.cost * step - best <= 2 * dearest_unit


def plant(rng, products, stages, most, failing=0.006):
    rows = []
    for number in range(products):
        submitted = rng.randint(most // 10, most)
        for seq in range(stages):
            failed = int(submitted * rng.random() * failing)
            row = {"product_id": f"P{number}", "process_id": str(seq), "seq": seq, "submitted": submitted}
            rows.append({**row, "passed_first": submitted - failed})
    return rows


def test_one_product_needs_what_the_continuous_problem_needs():
    """Oracle: water-filling in floats, its level by bisection; whole units cost at most one more."""
    rng = random.Random(4)
    for _ in range(20):
        rows = plant(rng, 1, 20, 3_000_000, 0.01)
        bound = Fraction(95, 100)
        assert official(rows) < bound
        split = cheapest(routes_of(rows)[0], bound.as_integer_ratio())
        passed, submitted = ([row[key] for row in rows] for key in ("passed_first", "submitted"))
        target = log(bound) + sum(map(log, submitted))
        low, high = float(min(passed)), float(max(submitted))
        for _ in range(200):
            level = (low + high) / 2
            raised = [min(max(p, level), s) for p, s in zip(passed, submitted, strict=True)]
            low, high = (level, high) if sum(map(log, raised)) < target else (low, level)
        continuous = sum(raised) - sum(passed)
        assert split.least == split.cost
        assert -0.01 <= split.cost - continuous <= 1.01


@pytest.mark.parametrize("seed", range(3))
def test_fifty_products_of_twenty_processes_are_within_a_ten_thousandth_of_the_proof(seed):
    rows = plant(random.Random(seed), 50, 20, 5_000_000)
    routes, _ = routes_of(rows)
    for bound in (Fraction(95, 100), Fraction(98, 100)):
        split = cheapest(routes, bound.as_integer_ratio())
        after, more = moved(rows, routes, split)
        assert official(after) >= bound
        assert split.least <= split.cost <= split.least * Fraction(10_001, 10_000)
        taken = next(at for at, row in enumerate(rows) if more[row["product_id"], row["process_id"]])
        after[taken] = {**after[taken], "passed_first": after[taken]["passed_first"] - 1}
        assert official(after) < bound


def test_products_all_alike_stay_within_two_thousandths_of_the_proof():
    """Which product to finish is then a matter of taste, and the search would try all of them."""
    alike = {"submitted": 10**6, "passed_first": 997_000}
    rows = [{**row, **alike} for row in plant(random.Random(1), 20, 20, 10**6)]
    split = cheapest(routes_of(rows)[0], (95, 100))
    assert split.least <= split.cost <= split.least * Fraction(1002, 1000)
    assert official(moved(rows, routes_of(rows)[0], split)[0]) >= Fraction(95, 100)


@pytest.mark.parametrize("seed", range(5))
def test_no_dearer_than_fewer_failures_by_the_same_share_everywhere(seed):
    """What a person might do first: cut all failures by one share, as small as reaches the bound."""
    rows = plant(random.Random(seed), 4, 6, 200_000, 0.05)
    split = cheapest(routes_of(rows)[0], (97, 100))
    failed = [row["submitted"] - row["passed_first"] for row in rows]
    for share in range(1001):
        gained = [-(-one * share // 1000) for one in failed]
        better = [
            {**row, "passed_first": row["passed_first"] + more}
            for row, more in zip(rows, gained, strict=True)
        ]
        if official(better) >= Fraction(97, 100):
            break
    assert split.cost < sum(gained)


def test_order_of_rows_and_time_never_matter():
    rows = plant(random.Random(2), 12, 8, 100_000)
    costs = {(row["product_id"], row["process_id"]): Decimal(1 + at % 7) for at, row in enumerate(rows)}
    routes, _ = routes_of(rows, costs)
    shuffled = random.Random(3).sample(rows, len(rows))
    assert routes_of(shuffled, costs)[0] == routes
    assert cheapest(routes, (98, 100)) == cheapest(routes_of(shuffled, costs)[0], (98, 100))


def test_parallel_processes_are_pooled_and_the_cheaper_one_is_raised():
    rows = [
        {"product_id": "P", "process_id": name, "seq": 1, "submitted": 100, "passed_first": 90}
        for name in "ab"
    ]
    routes, step = routes_of(rows, {("P", "a"): Decimal("2.50"), ("P", "b"): Decimal("1.25")})
    split = cheapest(routes, (97, 100))  # 180 of 200 must become 194: ten of b, then four of a
    assert moved(rows, routes, split)[1] == {("P", "a"): 4, ("P", "b"): 10}
    assert split.cost * step == split.least * step == Decimal("22.50")


@pytest.mark.parametrize("cost", ["0", "-1", "NaN", "Infinity"])
def test_a_cost_that_is_no_price_is_refused(cost):
    rows = [{"product_id": "P", "process_id": "1", "seq": 1, "submitted": 10, "passed_first": 1}]
    with pytest.raises(ValueError, match=r"P, 1: found .*; allowed: a number above 0"):
        routes_of(rows, {("P", "1"): Decimal(cost)})


def test_nothing_passes_anywhere():
    rows = [
        {"product_id": "P", "process_id": str(seq), "seq": seq, "submitted": 10, "passed_first": 0}
        for seq in (1, 2)
    ]
    split = cheapest(routes_of(rows)[0], (9, 10))
    after, _ = moved(rows, routes_of(rows)[0], split)
    assert prod(row["passed_first"] for row in after) == 90
    assert split.cost == split.least == 19


def test_counts_of_any_length_are_split_to_the_unit():
    """Counts may have a hundred digits; no index, float or text conversion stands in their way."""
    most = 10**99
    rows = [
        {
            "product_id": str(product),
            "process_id": str(seq),
            "seq": seq,
            "submitted": most + product,
            "passed_first": most * 98 // 100 + seq,
        }
        for product in (1, 2)
        for seq in (1, 2, 3)
    ]
    routes, _ = routes_of(rows)
    split = cheapest(routes, (97, 100))
    after, more = moved(rows, routes, split)
    assert official(after) >= Fraction(97, 100)
    assert sum(more.values()) == split.cost >= split.least > split.cost * Fraction(99, 100)
