"""The columns that forecasting and advice build on, and the rows of awkward plants."""

import numpy as np
import pandas as pd
import pytest

from features.model_table import build_model_table, finest
from features.periods import month_of, to_index
from features.tables import FrameTables

TARGETS = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")
HISTORY = ("last", "lag1", "lag2", "ew3", "ew12", "mean12", "known")
KEYS = ["enterprise_id", "product_id", "frequency", "period", "t"]
STATIC = ["industry_code", "region_code", "chain"]
QUANTITIES = [
    "q.output_value", "q.internal_amount", "q.external_amount", "q.units", "q.nonconforming", "q.submitted",
    "q.ftq_clipped", "q.measured", *(f"q.process.{step}" for step in range(1, 7)),
]  # fmt: skip


@pytest.fixture(scope="module")
def table(table_at):
    return table_at(None)


def rows(table, enterprise, product=""):
    frame = finest(table.frame)
    return frame[(frame["enterprise_id"] == enterprise) & (frame["product_id"] == product)].set_index("t")


def test_columns_are_those_of_the_contract(table):
    histories = [f"{target}.{part}" for target in TARGETS for part in HISTORY]
    parameters = [
        f"param.{name}.{part}"
        for name in ("never", "speed", "temperature")
        for part in ("last", "ew3", "ew12", "sd")
    ]
    steps = [f"process.{step}.{part}" for step in range(1, 7) for part in ("last", "ew3", "ew12", "mean")]
    claims = ["ppm.lag3", "ppm.lag4", "ppm.lag5", "capability.lowest", "capability.second"]
    weekdays = ["calendar.weekday_sin", "calendar.weekday_cos"]
    other = ["calendar.sin", "calendar.cos", *weekdays, "age", "industry", "size"]
    assert set(table.features) == {*histories, *steps, *claims, *parameters, *other}
    assert len(set(table.features)) == len(table.features)
    assert set(table.frame.columns) == {*KEYS, *STATIC, *TARGETS, *QUANTITIES, *table.features}
    numbers = [*table.features, *TARGETS, *QUANTITIES]
    assert {str(dtype) for dtype in table.frame[numbers].dtypes} == {"float64"}
    assert str(table.frame["t"].dtype) == "int64"


def test_rows_are_sorted_and_without_gaps(table):
    frame = table.frame
    assert frame.equals(frame.sort_values(["enterprise_id", "product_id", "t"], ignore_index=True))
    steps = frame.groupby(["enterprise_id", "product_id", "frequency"])["t"].diff().dropna()
    assert (steps == 1).all()
    assert [to_index(label) for label in frame["period"]] == frame["t"].tolist()


def test_every_enterprise_has_its_own_frequency_and_months(table):
    found = table.frame.groupby("enterprise_id")["frequency"].unique()
    assert {key: sorted(value) for key, value in found.items()} == {
        "M1": ["month"], "M2": ["month"], "M3": ["month"], "W1": ["month", "week"], "D1": ["day", "month"],
    }  # fmt: skip
    own = finest(table.frame).groupby("enterprise_id")["frequency"].unique()
    assert {key: list(value) for key, value in own.items()} == {
        "M1": ["month"], "M2": ["month"], "M3": ["month"], "W1": ["week"], "D1": ["day"],
    }  # fmt: skip


def test_the_months_of_a_weekly_plant_are_as_if_it_worked_by_the_month(table, plants):
    monthly = plants | {"enterprises": plants["enterprises"].assign(frequency="month")}
    expected = build_model_table(FrameTables(monthly)).frame
    months = table.frame[table.frame["frequency"] == "month"].reset_index(drop=True)
    pd.testing.assert_frame_equal(months[expected.columns], expected)


def test_products_have_rows_only_where_there_are_two(table):
    found = table.frame.groupby("enterprise_id")["product_id"].unique()
    assert {key: list(value) for key, value in found.items()} == {
        "M1": ["", "P1", "P2"], "M2": [""], "M3": ["", "P1", "P2", "P3"], "W1": [""], "D1": ["", "P1", "P2"],
    }  # fmt: skip


def test_products_carry_ftq_and_ppm_only(table):
    products = table.frame[table.frame["product_id"] != ""]
    assert products[["ftq", "ppm"]].notna().any().all()
    assert products[["internal_loss", "external_loss", "cpk"]].isna().all(axis=None)


def test_weeks_and_days_have_no_monthly_statements(table):
    other = table.frame[table.frame["frequency"] != "month"]
    assert other[["internal_loss", "external_loss", "ppm", "q.units", "q.output_value"]].isna().all(axis=None)
    assert other[["ftq", "cpk"]].notna().any().all()


def test_a_summer_without_work_is_missing_and_not_zero(table):
    quiet = rows(table, "M1").loc[to_index("2023-08")]
    assert np.isnan(quiet["ftq"])
    assert quiet["ftq.last"] == rows(table, "M1").loc[to_index("2023-07"), "ftq"]


def test_monthly_quantities_are_plain_sums_of_the_records(table, plants):
    month = rows(table, "M3").dropna(subset=["internal_loss", "external_loss", "ppm"]).iloc[0]

    def total(name, column, **wanted):
        frame = plants[name]
        frame = frame[(frame["enterprise_id"] == "M3") & (frame["period"] == month["period"])]
        for key, allowed in wanted.items():
            frame = frame[frame[key].isin(allowed)]
        return frame[column].sum()

    internal = total("quality_costs", "amount", category=["scrap", "rework"])
    assert month["q.internal_amount"] == pytest.approx(internal)
    assert month["q.external_amount"] == pytest.approx(
        total("quality_costs", "amount", category=["claims", "goodwill"])
    )
    assert month["q.output_value"] == pytest.approx(total("output_values", "amount"))
    assert month["internal_loss"] == pytest.approx(internal / total("output_values", "amount"))
    assert month["q.units"] == total("deliveries", "units")
    bad = total("deliveries", "nonconforming")
    assert month["ppm"] == pytest.approx(bad * 1e6 / total("deliveries", "units"))


def test_histories_belong_to_their_target(table):
    for target in TARGETS:
        one = rows(table, "M3")
        known = one[target].notna()
        assert (one.loc[known, f"{target}.last"] == one.loc[known, target]).all()
        assert one[f"{target}.lag1"].iloc[1:].equals(one[target].shift(1).iloc[1:].rename(f"{target}.lag1"))
        assert one[f"{target}.known"].tolist() == known.cumsum().clip(upper=24).tolist()


def test_a_parameter_never_recorded_is_unknown_everywhere(table):
    assert table.frame[["param.never.last", "param.never.ew3", "param.never.sd"]].isna().all(axis=None)
    assert "never" in set(table.parameters["parameter_id"])


def test_a_product_takes_the_enterprises_parameter_until_a_lot_of_its_own_is_known(table):
    whole, product = rows(table, "M3"), rows(table, "M3", "P2")
    own = product["param.speed.last"].to_numpy()
    shared = whole.reindex(product.index)["param.speed.last"].to_numpy()
    assert np.nanmax(np.abs(own - shared)) > 0, "lots of P2 have readings of their own"
    temperature = whole.reindex(product.index)["param.temperature.ew12"].to_numpy()
    np.testing.assert_array_equal(product["param.temperature.ew12"].to_numpy(), temperature)


def test_calendar_and_static_features(table):
    for enterprise, frequency in (("M1", "month"), ("W1", "week"), ("D1", "day")):
        one = rows(table, enterprise)
        phase = np.array([month_of(t, frequency) % 12 for t in one.index]) * np.pi / 6
        np.testing.assert_allclose(one["calendar.sin"], np.sin(phase), atol=1e-12)
        np.testing.assert_allclose(one["calendar.cos"], np.cos(phase), atol=1e-12)
        assert one["age"].tolist() == list(range(len(one)))
    static = table.frame.groupby("enterprise_id")[["industry", "size"]].first()
    assert static["industry"].to_dict() == pytest.approx(
        {"D1": 8, "M1": 36, "M2": 26, "M3": np.nan, "W1": 31}, nan_ok=True
    )
    assert static["size"].to_dict() == pytest.approx(
        {"D1": 3, "M1": 4, "M2": 1, "M3": np.nan, "W1": 2}, nan_ok=True
    )


def test_weekdays_tell_days_apart_and_months_not(table):
    day, month = rows(table, "D1"), rows(table, "M1")
    assert len(day["calendar.weekday_sin"].round(9).unique()) == 7
    assert day["calendar.weekday_sin"].iloc[:7].tolist() == pytest.approx(
        day["calendar.weekday_sin"].iloc[7:14].tolist()
    )
    assert month["calendar.weekday_sin"].isna().all()


def test_a_constant_target_stays_constant(plants):
    inspections = plants["inspections"].query("enterprise_id == 'M2' and submission == 1").copy()
    inspections["passed"] = inspections["submitted"]
    tables = FrameTables(
        {name: plants[name] for name in ("enterprises", "processes")} | {"inspections": inspections}
    )
    one = rows(build_model_table(tables), "M2")
    columns = ["ftq.last", "ftq.ew3", "ftq.ew12", "ftq.mean12"]
    np.testing.assert_allclose(one[columns].dropna(), 1.0, rtol=1e-12)


def test_enterprises_can_be_chosen(table, plants):
    chosen = build_model_table(FrameTables(plants), enterprise_ids=["M3", "W1"])
    wanted = table.frame[table.frame["enterprise_id"].isin(["M3", "W1"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen.frame, wanted[chosen.frame.columns])
    assert set(chosen.parameters["enterprise_id"]) == {"M3", "W1"}


def test_no_records_make_an_empty_table_with_its_columns():
    table = build_model_table(FrameTables({}))
    assert len(table.frame) == 0
    assert {*KEYS, *TARGETS, *QUANTITIES} <= set(table.frame.columns)
    assert "ftq.ew12" in table.features


def test_an_enterprise_that_no_row_describes_has_months(plants):
    table = build_model_table(FrameTables({name: plants[name] for name in ("inspections", "processes")}))
    assert set(table.frame["frequency"]) == {"month"}
