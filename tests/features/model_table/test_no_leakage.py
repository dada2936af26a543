"""Nothing after the cut-off is read: planted futures move nothing, and an old origin never changes."""

from datetime import date, datetime

import pandas as pd
import pytest

from features.model_table import build_model_table
from features.periods import PeriodError, period_end
from features.tables import FrameTables

CUT = "2023-06"
LABELS = (CUT, "2023-03", "2023-01-05", "2023-W10")


def planted(plants):
    """Add records dated after the cut-off, with wild values, to every table that has a date."""
    future = datetime(2023, 7, 1)

    def more(name, *rows):
        return pd.concat([plants[name], pd.DataFrame(rows)], ignore_index=True)

    wild = {"enterprise_id": "M1", "product_id": "P1"}
    return plants | {
        "inspections": more(
            "inspections",
            {
                **wild,
                "process_id": "10",
                "lot_id": "P1-3",
                "inspected_at": future,
                "submitted": 10**6,
                "passed": 0,
                "submission": 1,
            },
        ),
        "deliveries": more(
            "deliveries", {**wild, "period": "2023-07", "units": 10**6, "nonconforming": 10**6}
        ),
        "quality_costs": more(
            "quality_costs", {**wild, "period": "2023-07", "category": "scrap", "amount": 1e9}
        ),
        "output_values": more("output_values", {"enterprise_id": "M1", "period": "2023-07", "amount": 0.01}),
        "measurements": more(
            "measurements",
            {
                "enterprise_id": "M1",
                "characteristic_id": "single",
                "measured_at": future,
                "subgroup_id": "",
                "piece": 1,
                "value": 1e9,
            },
        ),
        "process_data": more(
            "process_data",
            {
                "enterprise_id": "M1",
                "parameter_id": "never",
                "observed_at": future,
                "value": 1e9,
                "lot_id": "P1-0",
            },
        ),
        "assessments": more(
            "assessments",
            {
                "enterprise_id": "M1",
                "item_id": "qms",
                "level": 1,
                "assessed_on": date(2023, 7, 1),
                "source": "self",
            },
        ),
    }


def cut_off(plants, label):
    """Remove every record dated after the end of a period: what the cut-off must amount to."""
    end = period_end(label)
    kept = dict(plants)
    for name, column in (
        ("inspections", "inspected_at"),
        ("measurements", "measured_at"),
        ("process_data", "observed_at"),
    ):
        kept[name] = plants[name][plants[name][column].dt.date <= end]
    for name in ("deliveries", "quality_costs", "output_values"):
        kept[name] = plants[name][plants[name]["period"] <= f"{end:%Y-%m}"]
    return kept


def test_a_planted_future_moves_no_feature(plants, table_at):
    before = table_at(CUT)
    after = build_model_table(FrameTables(planted(plants)), CUT)
    pd.testing.assert_frame_equal(before.frame, after.frame)
    moved = build_model_table(FrameTables(planted(plants)), "2023-07").frame
    assert moved["param.never.last"].max() == 1e9, "one month later the planted values do show"


@pytest.mark.parametrize("label", LABELS)
def test_the_cut_off_is_at_the_raw_records(plants, table_at, label):
    by_cut = table_at(label)
    by_hand = build_model_table(FrameTables(cut_off(plants, label)), label)
    pd.testing.assert_frame_equal(by_cut.frame, by_hand.frame)
    ends = [period_end(period) for period in by_cut.frame["period"]]
    assert max(ends) <= period_end(label)


@pytest.mark.parametrize("label", LABELS)
def test_an_origin_looks_the_same_then_and_later(table_at, label):
    then = table_at(label)
    later = table_at(None).frame
    keys = ["enterprise_id", "product_id", "t"]
    joined = then.frame[keys].merge(later, on=keys, how="inner", validate="one_to_one")
    mine = then.frame.merge(joined[keys], on=keys, how="inner")
    assert len(joined) > 0.9 * len(then.frame), "the later table holds the old origins"
    columns = [name for name in then.frame.columns if name in later.columns]
    pd.testing.assert_frame_equal(mine[columns], joined[columns])


def test_without_a_cut_off_an_unfinished_month_is_left_out(plants):
    rows = [(date(2025, 1, 31), "2025-01"), (date(2025, 2, 12), "2025-01"), (date(2025, 2, 28), "2025-02")]
    found = []
    for day, _ in rows:
        lots = pd.DataFrame(
            [["E", "P", "1", f"L{k}", datetime(2025, 1, 31), 9, 8] for k in range(2)]
            + [["E", "P", "1", "L9", datetime(day.year, day.month, day.day, 9), 9, 8]],
            columns=[
                "enterprise_id",
                "product_id",
                "process_id",
                "lot_id",
                "inspected_at",
                "submitted",
                "passed",
            ],
        )
        found.append(build_model_table(FrameTables({"inspections": lots})).frame["period"].max())
    assert found == [label for _, label in rows]


def test_a_bad_cut_off_is_refused(plants):
    with pytest.raises(PeriodError):
        build_model_table(FrameTables(plants), "2023-6")
