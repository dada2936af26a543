"""A region's own yearly figures: ratios of sums, shown only where nobody can be worked out."""

import numpy as np
import pandas as pd
import pytest

from features.periods import to_index
from models.practices.own_rates import keep_rates, own_rates
from tests.models.practices.hands import register

MONTHS = [to_index(month) for month in ("2023-11", "2023-12", "2024-01")]


def frame(count, **changed):
    rows = pd.DataFrame(
        {
            "enterprise_id": np.repeat([f"E{at:03d}" for at in range(count)], 3),
            "product_id": "",
            "frequency": "month",
            "t": np.tile(MONTHS, count),
            "ftq": 0.9,
            "q.units": 100.0,
            "q.nonconforming": 1.0,
            "q.submitted": 200.0,
            "q.output_value": 1000.0,
            "q.internal_amount": 20.0,
            "q.external_amount": 10.0,
        }
    )
    return rows.assign(**changed)


def shown(folder, made, portfolio, region="", detailed=None):
    keep_rates(folder, made)
    seen = np.ones(len(portfolio), dtype=bool) if detailed is None else detailed
    return {(one.figure, one.year): one for one in own_rates(folder, portfolio, seen, region)}


def test_ratios_of_sums_by_year(tmp_path):
    made = frame(6)
    made.loc[made["enterprise_id"] == "E000", "q.nonconforming"] = 13.0
    found = shown(tmp_path, made, register(np.linspace(0.5, 0.9, 6)))
    assert found["delivered_pass", 2023].value == pytest.approx(1 - (5 + 13) / 600)
    assert found["first_pass", 2024].value == pytest.approx(0.9)
    assert found["loss_rate", 2023].value == pytest.approx(0.03)
    assert (found["loss_rate", 2023].months, found["loss_rate", 2024].months) == (2, 1)
    assert found["loss_rate", 2023].enterprises == 6


def test_a_month_counts_where_both_sides_are_known(tmp_path):
    made = frame(5)
    made.loc[made["t"] == MONTHS[0], "q.external_amount"] = np.nan
    made.loc[made["t"] == MONTHS[0], "q.internal_amount"] = 900.0
    found = shown(tmp_path, made, register(np.linspace(0.5, 0.9, 5)))
    assert found["loss_rate", 2023].value == pytest.approx(0.03)


REGIONS = ["330100"] * 6 + ["330200"] * 4 + ["420100"] * 7


def test_regions_and_what_cannot_be_shown(tmp_path):
    portfolio = register(np.linspace(0.5, 0.9, 17), regions=REGIONS)
    nobody = np.zeros(17, dtype=bool)
    assert shown(tmp_path, frame(17), portfolio, "33", nobody)["loss_rate", 2023].enterprises == 10
    assert shown(tmp_path, frame(17), portfolio, "3302", nobody) == {}
    # Ningbo's four would be left over if Hangzhou's six were told beside the province's ten.
    assert shown(tmp_path, frame(17), portfolio, "3301", nobody) == {}
    assert shown(tmp_path, frame(17), portfolio, "3301")["loss_rate", 2023].enterprises == 6
    assert shown(tmp_path, frame(17), portfolio, "3302") == {}  # fewer than five even where all are seen


def test_nothing_kept_nothing_shown(tmp_path):
    assert own_rates(tmp_path, register([0.5]), np.ones(1, dtype=bool)) == []
