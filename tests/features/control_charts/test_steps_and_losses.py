"""Loss Pareto and yield by process, against sums and products done by hand."""

from datetime import date

import pandas as pd
import pytest

from features.control_charts import ChartError, loss_pareto, yield_steps
from features.tables import FrameTables

WHO = {"enterprise_id": "E"}


def inspection(process, lot, submitted, passed, *, product="P", day="2025-01-10", submission=1):
    keys = {"product_id": product, "process_id": process, "lot_id": lot, "submission": submission}
    counts = {"inspected_at": pd.Timestamp(day), "submitted": submitted, "passed": passed}
    return WHO | keys | counts


@pytest.fixture
def plant():
    processes = [("10", 1), ("20", 2), ("21", 2), ("30", 3)]
    return FrameTables(
        {
            "enterprises": pd.DataFrame([WHO]),
            "processes": pd.DataFrame(
                [WHO | {"product_id": p, "process_id": i, "seq": s} for p in "PQ" for i, s in processes]
            ),
            "inspections": pd.DataFrame(
                [
                    inspection("10", "a", 100, 90),
                    inspection("10", "b", 100, 80, day="2025-02-10"),
                    inspection("10", "a", 10, 10, submission=2),
                    inspection("20", "a", 60, 57),
                    inspection("21", "a", 40, 38),
                    inspection("99", "a", 50, 45),
                    inspection("30", "a", 100, 100, day="2024-12-31"),
                    inspection("10", "q", 7, 7, product="Q"),
                ]
            ),
            "quality_costs": pd.DataFrame(
                [
                    WHO | {"period": period, "category": kind, "amount": amount, "product_id": ""}
                    for period, kind, amount in [
                        ("2025-01", "scrap", 70),
                        ("2025-02", "scrap", 10),
                        ("2025-01", "claims", 20),
                        ("2024-12", "rework", 999),
                    ]
                ]
            ),
        }
    )


def test_a_yield_is_taken_apart_stage_by_stage(plant):
    first, other = yield_steps(plant, "E", date(2025, 1, 1))
    assert (first.product_id, first.started, other.product_id) == ("P", 200, "Q")
    assert [step.process_ids for step in first.steps] == [("10",), ("20", "21"), ("99",)]
    assert [step.first_pass for step in first.steps] == pytest.approx([170 / 200, 95 / 100, 45 / 50])
    assert [step.after for step in first.steps] == pytest.approx([0.85, 0.85 * 0.95, 0.85 * 0.95 * 0.9])
    assert [step.before for step in first.steps] == pytest.approx([1, 0.85, 0.85 * 0.95])
    assert first.rolled == pytest.approx(0.85 * 0.95 * 0.9)
    assert other.rolled == 1


def test_only_whole_months_of_losses_count(plant):
    rows = loss_pareto(plant, "E", date(2025, 1, 1))
    assert [(row.name, row.events) for row in rows] == [("scrap", 80.0), ("claims", 20.0)]
    assert [row.cumulative_share for row in rows] == pytest.approx([0.8, 1.0])
    assert [row.name for row in loss_pareto(plant, "E", date(2025, 1, 2), date(2025, 2, 28))] == ["scrap"]


def test_nothing_recorded_and_nobody_known(plant):
    assert yield_steps(plant, "E", date(2026, 1, 1)) == ()
    assert loss_pareto(plant, "E", date(2026, 1, 1)) == ()
    for ask in (yield_steps, loss_pareto):
        with pytest.raises(ChartError, match="nobody"):
            ask(plant, "nobody")
