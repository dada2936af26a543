"""First-pass yield against a plain pandas oracle and against cases worked by hand."""

import math
from collections import defaultdict
from datetime import datetime

import pandas as pd
import pytest

from features.aggregates import Scope
from features.aggregates.first_pass import ACTIVE, enterprise_yield, first_pass, product_yield, stages
from features.aggregates.resident import collect_pandas
from features.periods import index_of, to_index
from features.tables import FrameTables

JAN = to_index("2025-01")


def lots(*rows):
    """Build tables from (product, process, seq, month, submitted, passed[, submission])."""
    filled = [(*row, 1)[:7] for row in rows]
    inspections = pd.DataFrame(
        [
            ["E", product, process, f"L{k}", datetime(2025, month, 3), submitted, passed, submission]
            for k, (product, process, _, month, submitted, passed, submission) in enumerate(filled)
        ],
        columns=[
            "enterprise_id",
            "product_id",
            "process_id",
            "lot_id",
            "inspected_at",
            "submitted",
            "passed",
            "submission",
        ],
    )
    processes = pd.DataFrame(
        [["E", row[0], row[1], row[2]] for row in filled],
        columns=["enterprise_id", "product_id", "process_id", "seq"],
    ).drop_duplicates()
    return FrameTables({"inspections": inspections, "processes": processes})


def yields(tables):
    products = product_yield(stages(first_pass(tables, Scope("month"))))
    whole = collect_pandas(enterprise_yield(products)).set_index("t")
    rows = collect_pandas(products)
    rows["t"] -= JAN - 1
    whole.index -= JAN - 1
    return rows.set_index(["product_id", "t"]).sort_index(), whole.sort_index()


def test_resubmissions_after_rework_never_count():
    products, _ = yields(
        lots(("A", "10", 1, 1, 100, 90), ("A", "10", 1, 1, 10, 10, 2), ("A", "10", 1, 1, 3, 3, 3))
    )
    assert products.loc[("A", 1), ["started", "ftq"]].tolist() == [100, pytest.approx(0.9)]


def test_parallel_processes_are_pooled_before_they_are_multiplied():
    products, _ = yields(
        lots(("A", "10", 1, 1, 100, 80), ("A", "20a", 2, 1, 10, 5), ("A", "20b", 2, 1, 90, 90))
    )
    assert products.loc[("A", 1), "ftq"] == pytest.approx(0.8 * 95 / 100)
    assert products.loc[("A", 1), "ftq_clipped"] == pytest.approx(80.5 / 101 * 95.5 / 101)


def test_products_are_weighted_by_units_started_at_their_lowest_seq():
    products, whole = yields(
        lots(("A", "9", 7, 1, 300, 270), ("A", "8", 8, 1, 1_000, 1_000), ("B", "1", 1, 1, 100, 50))
    )
    assert products["started"].tolist() == [300, 100]
    assert whole.loc[1, "ftq"] == pytest.approx((300 * 0.9 + 100 * 0.5) / 400)


def test_a_stage_where_nothing_passes_makes_the_yield_zero():
    products, whole = yields(lots(("A", "10", 1, 1, 7, 0), ("A", "20", 2, 1, 5, 5)))
    assert products.loc[("A", 1), "ftq"] == 0.0
    assert products.loc[("A", 1), "ftq_clipped"] == pytest.approx(0.5 / 8 * 5.5 / 6)
    assert whole.loc[1, "ftq"] == 0.0


def test_a_stage_of_the_route_without_inspection_leaves_the_yield_unknown():
    products, whole = yields(
        lots(
            ("A", "10", 1, 1, 9, 9), ("A", "20", 2, 1, 9, 9), ("A", "10", 1, 2, 9, 9), ("B", "1", 1, 2, 1, 1)
        )
    )
    assert math.isnan(products.loc[("A", 2), "ftq"])
    assert math.isnan(whole.loc[2, "ftq"]), "products of unknown yield started most of the units"


def test_a_stage_joins_the_route_with_its_first_inspection_only():
    products, _ = yields(lots(("A", "10", 1, 1, 10, 8), ("A", "10", 1, 2, 10, 8), ("A", "20", 2, 2, 10, 5)))
    assert products["ftq"].tolist() == pytest.approx([0.8, 0.4])


def oracle(inspections, processes):
    """Return {(enterprise, product, t): (started, ftq, clipped)} by plain loops over the definition."""
    seq = {tuple(row[:3]): row[3] for row in processes.itertuples(index=False)}
    sums = defaultdict(lambda: [0, 0])
    for row in inspections.itertuples():
        if row.submission == 1:
            key = (row.enterprise_id, row.product_id, row.process_id)
            cell = sums[(*key[:2], seq[key], index_of(row.inspected_at.date(), "month"))]
            cell[0] += row.submitted
            cell[1] += row.passed
    found = {}
    for enterprise, product, t in {(key[0], key[1], key[3]) for key in sums}:
        mine = {key[2] for key in sums if key[:2] == (enterprise, product)}
        route = [s for s in mine if any((enterprise, product, s, t - lag) in sums for lag in range(ACTIVE))]
        here = {s: sums[(enterprise, product, s, t)] for s in mine if (enterprise, product, s, t) in sums}
        known = len(here) == len(route)
        rolled = math.prod(passed / submitted for submitted, passed in here.values())
        clipped = math.prod((passed + 0.5) / (submitted + 1) for submitted, passed in here.values())
        found[(enterprise, product, t)] = (
            here[min(here)][0],
            rolled if known else math.nan,
            clipped if known else math.nan,
        )
    return found


def test_yields_of_awkward_plants_equal_the_oracle(plants):
    tables = FrameTables({name: plants[name] for name in ("inspections", "processes")})
    rows = collect_pandas(product_yield(stages(first_pass(tables, Scope("month")))))
    expected = oracle(plants["inspections"], plants["processes"])
    assert len(rows) == len(expected)
    for row in rows.itertuples():
        wanted = expected[(row.enterprise_id, row.product_id, row.t)]
        assert (row.started, row.ftq, row.ftq_clipped) == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_an_enterprises_yield_is_the_weighted_mean_of_the_known_ones(plants):
    tables = FrameTables({name: plants[name] for name in ("inspections", "processes")})
    products = product_yield(stages(first_pass(tables, Scope("month"))))
    whole = collect_pandas(enterprise_yield(products)).set_index(["enterprise_id", "t"])
    for key, rows in collect_pandas(products).groupby(["enterprise_id", "t"]):
        known = rows.dropna(subset="ftq")
        share = known["started"].sum() / rows["started"].sum()
        expected = (
            (known["ftq"] * known["started"]).sum() / known["started"].sum() if share >= 0.5 else math.nan
        )
        assert whole.loc[key, "ftq"] == pytest.approx(expected, rel=1e-12, nan_ok=True)
