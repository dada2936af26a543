"""Charts from the records are the same on Spark and on DuckDB."""

import numpy as np
import pandas as pd
import pytest

from features.control_charts import (
    chart,
    defect_pareto,
    delivery_chart,
    overview,
    process_chart,
    together_chart,
)
from features.tables import FrameTables
from tests.features.engines import spark_session

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    # pyspark leaves sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
pyspark = pytest.importorskip("pyspark", reason="the spark extra is not installed")
ASKED = {
    "chart": lambda tables: chart(tables, "M1", "grouped"),
    "process": lambda tables: process_chart(tables, "M1", "20a", "P1", by="week"),
    "defects": lambda tables: process_chart(tables, "M1", "10", kind="u"),
    "deliveries": lambda tables: delivery_chart(tables, "M3"),
    "together": lambda tables: together_chart(tables, "M1", ["single", "constant"]),
}


@pytest.fixture(scope="module")
def spark():
    with spark_session() as session:
        yield session


@pytest.fixture(scope="module")
def engines(plants, spark):
    lots = plants["inspections"].query("enterprise_id == 'M1' and process_id == '10' and submission == 1")
    keys = ["enterprise_id", "product_id", "process_id", "lot_id", "submission"]
    defects = lots[keys].assign(defect_code="scratch", count=2)
    frames = {**plants, "defects": defects}
    return FrameTables(frames), FrameTables(frames, engine=spark)


@pytest.mark.parametrize("name", ASKED)
def test_a_chart_is_the_same_on_both_engines(name, engines):
    duck, spark = (ASKED[name](tables) for tables in engines)
    assert duck.labels == spark.labels
    assert len(duck.labels) > 5
    assert (duck.kind, duck.names) == (spark.kind, spark.names)
    for part in ("statistic", "lcl", "ucl", "size", "completes"):
        np.testing.assert_allclose(getattr(duck, part), getattr(spark, part), rtol=1e-12)


def test_lists_are_the_same_on_both_engines(engines):
    duck, spark = (overview(tables, "M1") for tables in engines)
    pd.testing.assert_frame_equal(duck, spark)
    duck, spark = (defect_pareto(tables, "M1", "10") for tables in engines)
    assert duck == spark
    assert duck
