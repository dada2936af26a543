"""Every feature function runs unchanged on Spark and on DuckDB, with equal results."""

from decimal import Decimal

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from features.aggregates import Scope, first_pass, history, measured, recorded, statements, steps
from features.aggregates.resident import collect, hand_back, settle
from features.capability.assess import read_measurements
from features.evidence import evidence_with_notes
from features.model_table import build_model_table
from features.periods import FREQUENCIES, index_expr, month_of_expr
from features.tables import FrameTables
from models.effects import readings_per_period
from tests.features.engines import spark_session

pytestmark = [
    pytest.mark.spark,
    # pyspark leaves sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
pyspark = pytest.importorskip("pyspark", reason="the spark extra is not installed")


@pytest.fixture(scope="module")
def spark():
    with spark_session() as session:
        yield session


@pytest.fixture(scope="module")
def engines(plants, spark):
    """The same records on DuckDB and on Spark, where a zone of neither must not matter."""
    return FrameTables(plants), FrameTables(plants, engine=spark)


def yields(tables, scope):
    return first_pass.product_yield(first_pass.stages(first_pass.first_pass(tables, scope)))


AGGREGATES = {
    "first_pass": first_pass.first_pass,
    "stages": lambda tables, scope: first_pass.stages(first_pass.first_pass(tables, scope)),
    "product_yield": yields,
    "enterprise_yield": lambda tables, scope: first_pass.enterprise_yield(yields(tables, scope)),
    "step_yields": lambda tables, scope: steps.step_yields(tables, first_pass.first_pass(tables, scope)),
    "deliveries": statements.deliveries,
    "losses": statements.losses,
    "family_losses": lambda tables, scope: statements.family_losses(statements.losses(tables, scope)),
    "output_values": statements.output_values,
    "characteristic_periods": measured.characteristic_periods,
    "lowest_cpk": lambda tables, scope: measured.lowest_cpk(
        tables, measured.characteristic_periods(tables, scope), 5
    ),
    "graded_periods": lambda tables, scope: measured.graded_periods(
        tables, measured.characteristic_periods(tables, scope), 5
    ),
    "parameter_periods": measured.parameter_periods,
    "parameter_product_periods": measured.parameter_product_periods,
    "recorded_moments": recorded.recorded_moments,
    "stated_months": recorded.stated_months,
    "latest_moments": recorded.latest_moments,
}


@pytest.mark.parametrize("name", AGGREGATES)
def test_aggregates_agree(engines, name):
    duck, spark = (collect(AGGREGATES[name](tables, Scope("month"))) for tables in engines)
    assert duck.num_rows > 0
    assert_equal(duck, spark)


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_periods_agree(engines, frequency):
    def run(tables):
        rows = tables.table("measurements").select(t=index_expr(nw.col("measured_at"), frequency))
        indices = settle(rows.unique())
        return collect(indices.with_columns(month=month_of_expr(nw.col("t"), frequency)))

    assert_equal(*(run(tables) for tables in engines))


def test_history_agrees(engines):
    n = 2 * history.BLOCK
    x = [None if k % 5 == 0 else float(k % 17) for k in range(n)]
    table = pa.table(
        {"series": [7] * n, "t": list(range(20_000, 20_000 + n)), "x": pa.array(x, pa.float64())}
    )
    duck, spark = (collect(history.history(hand_back(table, t.table("enterprises")))) for t in engines)
    assert duck.num_rows == n
    assert_equal(duck, spark)


def test_measurements_agree(engines):
    duck, spark = (pa.Table.from_pandas(read_measurements(tables, Scope("month"))) for tables in engines)
    assert_equal(duck, spark)


def test_readings_per_period_agree(engines):
    duck, spark = (readings_per_period(tables) for tables in engines)
    pd.testing.assert_frame_equal(duck, spark, check_dtype=False)


def test_the_whole_model_table_agrees(engines):
    duck, spark = (build_model_table(tables, "2024-03") for tables in engines)
    assert duck.features == spark.features
    pd.testing.assert_frame_equal(duck.frame, spark.frame, rtol=1e-9, atol=1e-12)
    pd.testing.assert_frame_equal(duck.parameters, spark.parameters, check_dtype=False)


def test_the_official_evidence_is_the_same_to_the_byte(engines):
    duck, spark = (evidence_with_notes(tables) for tables in engines)
    assert duck == spark


def assert_equal(duck, spark):
    """Compare rows regardless of order: floats to 1e-9 relative, everything else exactly."""
    assert sorted(duck.column_names) == sorted(spark.column_names)
    names = sorted(duck.column_names)
    left, right = (sorted(_rows(table.select(names)), key=_key) for table in (duck, spark))
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        for name, a, b in zip(names, one, other, strict=True):
            if isinstance(a, float) and isinstance(b, float):
                assert a == pytest.approx(b, rel=1e-9, abs=1e-12, nan_ok=True), (name, one)
            else:
                assert (a, type(a)) == (b, type(b)), (name, one, other)


def _rows(table):
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _key(row):
    exact = [value for value in row if not isinstance(value, float)]
    return [str(value.normalize() if isinstance(value, Decimal) else value) for value in exact] + [
        f"{value:.6g}" for value in row if isinstance(value, float)
    ]
