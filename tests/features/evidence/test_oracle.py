"""Evidence against an oracle that was written from the specification's words alone."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.capability import capability
from features.capability.indices import graded
from features.evidence import NoRecordsError, evidence_with_notes
from features.periods import first_day, last_day, to_index
from features.records.schema import TABLES
from features.settings import Settings
from features.simulator import World
from features.store import Store
from features.tables import FrameTables
from qm_rules import grade, parse_evidence
from tests.features.evidence import oracle
from tests.features.evidence.records import PRODUCTS, arrow, frame_tables, record_tables

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FEW = settings(QUICK, max_examples=5)


def assert_as_the_oracle_says(tables, rows, as_of=None):
    """Compare documents, notes, and the exact value of every indicator that comes from counts or money."""
    for found in evidence_with_notes(tables, as_of=as_of):
        document = dict(found.document)
        result = grade(parse_evidence(document), notes=found.notes)
        document.pop("capability", None)
        expected, notes = oracle.evidence(rows, document["enterprise_id"], as_of)
        assert list(found.notes) == notes
        assert_values(result, expected)
        assert_same(document, expected)


def by_process(document):
    return {(row["product_id"], row["process_id"]): dict(row) for row in document.pop("first_pass", [])}


def assert_same(document, expected):
    """Equal but for the order of first passes, and for the seq of what nobody lists: any will do."""
    found, wanted = by_process(document), by_process(expected)
    for key, row in wanted.items():
        row["seq"] = found[key]["seq"] if row["seq"] is None else row["seq"]
    assert (document, found) == (expected, wanted)


def assert_values(result, expected):
    values = {name: found.exact for name, found in result.indicators.items()}
    if "deliveries" in expected:
        assert Fraction(values["sigma"]) == oracle.sigma(expected)
    if "first_pass" in expected:
        assert Fraction(values["ftq"]) == oracle.ftq(expected)
    for family in ("internal", "external"):
        own = expected.get("losses", {}).get(family, {})
        if "amounts" in own and "output_value" in expected:
            assert Fraction(values[f"{family}_loss"]) == oracle.loss_rate(expected, family)


@QUICK
@given(record_tables())
def test_odd_records_give_the_evidence_of_the_oracle_or_a_named_refusal(rows):
    try:
        assert_as_the_oracle_says(frame_tables(rows), rows)
    except NoRecordsError:
        names = [row["enterprise_id"] for row in rows["enterprises"]]
        assert all(oracle.latest_complete_month(rows, name) is None for name in names)


@QUICK
@given(record_tables(), st.sampled_from(["2024-02", "2024-12", "2025-02"]))
def test_a_chosen_window_gives_the_evidence_of_the_oracle(rows, as_of):
    assert_as_the_oracle_says(frame_tables(rows), rows, as_of)


@QUICK
@given(record_tables())
def test_what_nobody_lists_is_never_pooled_with_what_is_listed(rows):
    """An import would refuse such inspections; tables in memory need not come from one."""
    rows["processes"] = rows["processes"][::2]
    assert_as_the_oracle_says(frame_tables(rows), rows, "2025-02")


def stored(rows, home, *replacing):
    """A store that imported the rows through Parquet files, and then others that replace some."""
    with Store.open(Settings(home=home / "home")) as store:
        for number, each in enumerate((rows, *replacing)):
            folder = home / str(number)
            folder.mkdir()
            for name, table in arrow(each).items():
                pq.write_table(table, folder / f"{name}.parquet")
            store.import_paths([folder], on_conflict="replace")
    return Store.open(Settings(home=home / "home"))


@FEW
@given(rows=record_tables())
def test_what_an_import_allows_the_store_grades(rows, tmp_path_factory):
    rows["products"] = [
        {"enterprise_id": row["enterprise_id"], "product_id": name}
        for row in rows["enterprises"]
        for name in PRODUCTS
    ]
    with stored(rows, tmp_path_factory.mktemp("store")) as store:
        assert_as_the_oracle_says(store, rows, "2025-02")


@pytest.fixture(scope="module")
def world():
    """Simulated records as rows, and the same as tables."""
    tables = World(seed=11, enterprises=5, months=26).tables()
    kept = ("enterprises", "products", "processes", "inspections", "deliveries", "quality_costs")
    kept += ("output_values", "assessments", "declarations")
    return {name: tables[name].to_pylist() for name in kept if name in tables}


def test_simulated_records_give_the_evidence_of_the_oracle(world):
    assert_as_the_oracle_says(frame_tables(world), world)


def test_replaced_rows_count_with_their_latest_values(world, tmp_path):
    corrected = [{**row, "passed": row["passed"] // 2} for row in world["inspections"][::7]]
    again = [{**row, "passed": 0} for row in corrected[::3]]
    current = {_key(row): row for row in (*world["inspections"], *corrected, *again)}
    with stored(world, tmp_path, {"inspections": corrected}, {"inspections": again}) as store:
        assert_as_the_oracle_says(store, world | {"inspections": list(current.values())})


def _key(row):
    return tuple(row[name] for name in TABLES["inspections"].key)


def test_a_caller_of_poor_precision_gets_exact_money():
    period = {"enterprise_id": "E", "period": "2025-01"}
    rows = {
        "enterprises": [{"enterprise_id": "E"}],
        "output_values": [{**period, "amount": Decimal("9999999999999999.99")}],
        "quality_costs": [
            {**period, "category": "scrap", "product_id": name, "amount": Decimal("1234567890123456.78")}
            for name in "abc"
        ],
    }
    with localcontext(prec=3):
        (found,) = evidence_with_notes(frame_tables(rows), as_of="2025-01")
    assert found.document["output_value"] == "9999999999999999.99"
    assert found.document["losses"]["internal"]["amounts"] == {"scrap": "3703703670370370.34"}


def test_capability_is_that_of_the_window_alone(plants):
    """Each enterprise by itself, over the days of its own window, is what all of them at once give."""
    tables = FrameTables({name: _until_june(frame) for name, frame in plants.items()})
    found = {one.document["enterprise_id"]: one.document for one in evidence_with_notes(tables)}
    assert len({document["window"]["end"] for document in found.values()}) > 1
    for enterprise, document in found.items():
        start, end = (to_index(document["window"][name]) for name in ("start", "end"))
        days = first_day(start, "month"), last_day(end, "month")
        alone = capability(tables, *days, (enterprise,)).set_index("characteristic_id")
        for row in document.get("capability", []):
            expected = alone.loc[row["characteristic_id"]]
            same = ("key", "n", "stable")
            assert {name: row[name] for name in same} == {name: expected[name] for name in same}
            assert row["cpk"] == graded(expected["cpk"])


def _until_june(frame):
    """One of the plants stops half a year before the others."""
    late = frame["enterprise_id"].ne("")
    for name, limit in (("period", "2024-07"), ("measured_at", "2024-07-01"), ("inspected_at", "2024-07-01")):
        if name in frame:
            late &= frame[name] >= limit
            return frame[~late | (frame["enterprise_id"] != "M1")]
    return frame[frame["enterprise_id"] != "M1"] if "observed_at" in frame else frame


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_says_what_the_oracle_says(world):
    session = pytest.importorskip("pyspark.sql", reason="the spark extra is not installed").SparkSession
    builder = session.builder.master("local[2]").appName("zhuoyue-tests")
    for key, value in {"ui.enabled": "false", "sql.shuffle.partitions": "2", "log.level": "ERROR"}.items():
        builder = builder.config(f"spark.{key}", value)
    running = builder.getOrCreate()
    huge = {"enterprise_id": world["enterprises"][0]["enterprise_id"], "product_id": "huge"}
    world["deliveries"] += [
        {**huge, "period": f"2023-{month:02d}", "units": 2**63 - 1, "nonconforming": 2**53 + 1}
        for month in range(1, 13)
    ]
    try:
        assert_as_the_oracle_says(FrameTables(arrow(world), engine=running), world, "2023-12")
    finally:
        running.stop()
