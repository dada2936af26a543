"""Real plants, through capability, yield and model table; their rows stay outside the project."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.capability import capability
from features.evidence import evidence_with_notes
from features.model_table import build_model_table, finest
from features.tables import FrameTables
from qm_rules import grade, parse_evidence

REAL = Path(__file__).parents[3] / "../shared/real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not REAL.is_dir(), reason="../shared/real is not on this machine: the simulator's plants run"
    ),
]
TIMES = ("inspected_at", "measured_at", "observed_at")


def load(name):
    frames = {}
    for path in sorted((REAL / name).glob("*.csv.gz")):
        header = pd.read_csv(path, nrows=0).columns
        ids = {column: str for column in header if column.endswith("_id")}
        frame = pd.read_csv(path, dtype=ids, parse_dates=[c for c in header if c in TIMES])
        for column in frame.columns.intersection(TIMES):
            frame[column] = frame[column].astype("datetime64[us]")
        frames[path.name.partition(".")[0]] = frame
    return frames


@pytest.fixture(scope="module")
def pharma():
    return load("pharma")


@pytest.fixture(scope="module")
def flotation():
    return load("flotation")


def test_yield_of_every_tablet_month_is_the_weighted_mean_of_its_batches(pharma):
    frame = build_model_table(FrameTables(pharma)).frame
    batches = pharma["inspections"].assign(period=lambda rows: rows["inspected_at"].dt.strftime("%Y-%m"))
    sums = batches.groupby(["product_id", "period"])[["submitted", "passed"]].sum()
    products = frame[frame["product_id"] != ""].set_index(["product_id", "period"])["ftq"].dropna()
    expected = (sums["passed"] / sums["submitted"]).reindex(products.index)
    np.testing.assert_allclose(products, expected, rtol=1e-12)
    whole = frame[frame["product_id"] == ""].set_index("period")["ftq"]
    month = batches.groupby("period")[["submitted", "passed"]].sum()
    np.testing.assert_allclose(
        whole["2019-06"], month.loc["2019-06", "passed"] / month.loc["2019-06", "submitted"]
    )
    assert np.isnan(whole["2020-07"]), "the one month without a batch"
    assert whole.index[-1] == "2021-03", "April 2021 ends before its last day"


def test_a_products_parameters_are_those_of_its_own_batches(pharma):
    table = build_model_table(FrameTables(pharma))
    assert len(table.parameters) == 53
    name = "tbl_speed_mean"
    batches = pharma["inspections"]
    here = (batches["product_id"] == "17") & (batches["inspected_at"].dt.strftime("%Y-%m") == "2020-11")
    readings = pharma["process_data"][pharma["process_data"]["parameter_id"] == name]
    mine = readings[readings["lot_id"].isin(batches.loc[here, "lot_id"])]["value"]
    frame = table.frame
    row = frame[(frame["product_id"] == "17") & (frame["period"] == "2020-11")].iloc[0]
    assert len(mine) >= 5
    assert row[f"param.{name}.last"] == pytest.approx(mine.mean())
    assert row[f"param.{name}.sd"] == pytest.approx(mine.std())


def test_tablet_capability_is_assessed_against_the_one_limit(pharma):
    found = capability(FrameTables(pharma)).set_index("characteristic_id")
    values = pharma["measurements"].query("characteristic_id == 'dissolution_min_13'")
    x = values.sort_values("measured_at")["value"].to_numpy(dtype=float)
    sigma = np.abs(np.diff(x)).mean() * np.sqrt(np.pi) / 2
    row = found.loc["dissolution_min_13"]
    assert row["cpk"] == pytest.approx((x.mean() - 80) / (3 * sigma))
    assert row["ppk"] == pytest.approx((x.mean() - 80) / (3 * x.std(ddof=1)))
    assert np.isnan(row["cp"])
    assert np.isnan(found.loc["dissolution_min_18", "cpk"]), "a single batch"


def test_the_flotation_plant_works_by_the_day(flotation):
    frame = finest(build_model_table(FrameTables(flotation)).frame)
    assert (frame["frequency"].unique().tolist(), len(frame)) == (["day"], 165)
    inspections = flotation["inspections"]
    expected = inspections["passed"].to_numpy() / inspections["submitted"].to_numpy()
    np.testing.assert_allclose(frame["ftq"], expected, rtol=1e-12)
    hours = flotation["process_data"].query("parameter_id == 'starch_flow'")
    days = hours.groupby(hours["observed_at"].dt.date)["value"].mean()
    np.testing.assert_allclose(frame["param.starch_flow.last"], days, rtol=1e-10)


def test_hourly_silica_is_far_too_persistent_for_a_cpk(flotation):
    row = capability(FrameTables(flotation)).iloc[0]
    assert row["autocorrelation"] == pytest.approx(0.78, abs=0.01)
    assert {"between", "autocorrelation"} <= set(row["reasons"])


@pytest.mark.parametrize(("plant", "end"), [("pharma", "2021-03"), ("flotation", "2017-08")])
def test_real_plants_are_graded_as_far_as_their_records_reach(plant, end, request):
    (found,) = evidence_with_notes(FrameTables(request.getfixturevalue(plant)))
    answer = grade(parse_evidence(found.document), notes=found.notes).to_dict()
    assert answer["window"]["end"] == end
    assert answer["status"] == "incomplete"
    assert answer["indicators"]["ftq"]["status"] == "measured"
    assert answer["indicators"]["cpk"]["status"] == "inadmissible"
    assert answer["indicators"]["sigma"]["status"] == "not_supplied"
