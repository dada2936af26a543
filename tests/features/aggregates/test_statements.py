"""Monthly statements: exact sums, the two loss families, and the months that a scope lets in."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from features.aggregates import Scope
from features.aggregates.resident import collect_pandas
from features.aggregates.statements import deliveries, family_losses, losses, output_values
from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES, TABLES
from features.tables import FrameTables


def costs(rows):
    frame = pd.DataFrame(rows, columns=["period", "category", "amount", "product_id"])
    return FrameTables({"quality_costs": frame.assign(enterprise_id="E")})


def test_every_category_of_the_schema_belongs_to_one_family():
    allowed = TABLES["quality_costs"].column("category").values  # noqa: PD011 - not a frame
    assert sorted(allowed) == sorted(INTERNAL_LOSSES + EXTERNAL_LOSSES)
    tables = costs([("2025-01", category, 1.0, "") for category in allowed])
    rows = collect_pandas(family_losses(losses(tables, Scope())))
    amounts = dict(zip(rows["family"], rows["amount"], strict=True))
    assert amounts == {"internal": len(INTERNAL_LOSSES), "external": len(EXTERNAL_LOSSES)}


def test_money_is_summed_exactly_over_products():
    tables = costs(
        [("2025-01", "scrap", 0.1, ""), ("2025-01", "scrap", 0.2, "P1"), ("2025-01", "claims", 9.99, "")]
    )
    rows = collect_pandas(losses(tables, Scope()))
    assert dict(zip(rows["category"], rows["amount"], strict=True)) == {
        "scrap": Decimal("0.30"),
        "claims": Decimal("9.99"),
    }


@pytest.mark.parametrize(
    ("until", "months"),
    [
        (date(2025, 3, 31), [1, 2, 3]),
        (date(2025, 3, 30), [1, 2]),
        (date(2025, 2, 28), [1, 2]),
        (None, [1, 2, 3, 4]),
    ],
)
def test_a_month_counts_once_the_whole_of_it_is_in_scope(until, months):
    frame = pd.DataFrame(
        {"enterprise_id": "E", "period": [f"2025-0{m}" for m in (1, 2, 3, 4)], "amount": 1.0}
    )
    rows = collect_pandas(output_values(FrameTables({"output_values": frame}), Scope("month", until)))
    assert sorted(t - 2025 * 12 + 1 for t in rows["t"]) == months


def test_statements_are_left_out_for_weeks_and_days(plants):
    tables = FrameTables({"deliveries": plants["deliveries"]})
    assert len(collect_pandas(deliveries(tables, Scope("month")))) == len(plants["deliveries"])
    assert len(collect_pandas(deliveries(tables, Scope("week")))) == 0
