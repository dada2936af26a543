"""Yields of the steps of a route, worked by hand."""

from datetime import datetime

import pandas as pd
import pytest

from features.aggregates import Scope
from features.aggregates.first_pass import first_pass
from features.aggregates.resident import collect_pandas
from features.aggregates.steps import STEPS, step_yields
from features.tables import FrameTables


def steps_of(inspected, listed):
    """Yields by (product, step) of (product, process, submitted, passed) and (product, process, seq)."""
    inspections = pd.DataFrame(
        [["E", *row[:2], f"L{k}", datetime(2025, 1, 3), *row[2:], 1] for k, row in enumerate(inspected)],
        columns=["enterprise_id", "product_id", "process_id", "lot_id", "inspected_at", "submitted", "passed",
                 "submission"],
    )  # fmt: skip
    processes = pd.DataFrame(
        [["E", *row] for row in listed], columns=["enterprise_id", "product_id", "process_id", "seq"]
    )
    tables = FrameTables({"inspections": inspections, "processes": processes})
    rows = collect_pandas(step_yields(tables, first_pass(tables, Scope("month"))))
    return rows.set_index(["product_id", "step"])["share"].to_dict()


def test_steps_are_counted_along_the_route_and_pooled_over_products():
    found = steps_of(
        [("A", "press", 100, 90), ("A", "paint", 50, 49), ("B", "press", 300, 299)],
        [("A", "press", 10), ("A", "paint", 30), ("B", "press", 10)],
    )
    assert found[("A", 1)] == pytest.approx(90.5 / 101)
    assert found[("A", 2)] == pytest.approx(49.5 / 51)
    assert found[("", 1)] == pytest.approx(389.5 / 401)
    assert found[("", 2)] == found[("A", 2)]
    assert len(found) == 5


def test_a_long_route_ends_in_one_step_and_an_unlisted_process_has_no_place():
    names = [f"p{k}" for k in range(STEPS + 2)]
    found = steps_of(
        [*[("A", name, 10, 10) for name in names], ("A", "stray", 10, 0)],
        [("A", name, 10 * k) for k, name in enumerate(names)],
    )
    assert sorted(step for product, step in found if product) == list(range(1, STEPS + 1))
    assert found[("A", STEPS)] == pytest.approx(30.5 / 31)
