"""A small plant with a row or two in every table, and hands to write it in every form that people bring."""

import csv
import gzip
import io
import shutil

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from features.records.columns import Type
from features.records.schema import TABLES
from features.settings import Settings
from features.store import Store

ROWS = {
    "enterprises": [
        {
            "enterprise_id": "A",
            "name": "甲厂",
            "uscc": "91350100M000100Y43",
            "region_code": "350100",
            "industry_code": "3411",
            "size": "small",
            "frequency": "month",
            "standard_since": "2024-05-01",
        },
        {"enterprise_id": "B", "name": 'Plant "B", Ltd'},
    ],
    "products": [{"enterprise_id": "A", "product_id": "p1", "name": "泵\n(two lines)"}],
    "processes": [
        {"enterprise_id": "A", "product_id": "p1", "process_id": "turn", "seq": "1"},
        {"enterprise_id": "A", "product_id": "p1", "process_id": "test", "seq": "2", "line_id": "L1"},
    ],
    "inspections": [
        {
            "enterprise_id": "A",
            "product_id": "p1",
            "process_id": "turn",
            "lot_id": "1",
            "inspected_at": "2026-03-01T08:00:00",
            "submitted": "100",
            "passed": "97",
        },
        {
            "enterprise_id": "A",
            "product_id": "p1",
            "process_id": "turn",
            "lot_id": "1",
            "inspected_at": "2026-03-01T09:00:00",
            "submitted": "3",
            "passed": "3",
            "submission": "2",
        },
    ],
    "defects": [
        {
            "enterprise_id": "A",
            "product_id": "p1",
            "process_id": "turn",
            "lot_id": "1",
            "defect_code": "D1",
            "count": "3",
            "defect_name": "划伤",
        }
    ],
    "deliveries": [
        {"enterprise_id": "A", "product_id": "p1", "period": "2026-03", "units": "97", "nonconforming": "1"}
    ],
    "characteristics": [
        {
            "enterprise_id": "A",
            "characteristic_id": "d",
            "product_id": "p1",
            "process_id": "turn",
            "lsl": "9.9",
            "usl": "10.1",
            "key": "true",
        }
    ],
    "measurements": [
        {
            "enterprise_id": "A",
            "characteristic_id": "d",
            "measured_at": "2026-03-01T08:00:00",
            "value": "10.01",
        },
        {
            "enterprise_id": "A",
            "characteristic_id": "d",
            "measured_at": "2026-03-01T08:00:00",
            "value": "9.99",
            "piece": "2",
            "subgroup_id": "s",
        },
    ],
    "parameters": [
        {
            "enterprise_id": "A",
            "parameter_id": "speed",
            "kind": "actionable",
            "process_id": "turn",
            "lower": "1",
            "upper": "5",
            "cost_per_unit": "12.5",
            "direction": "up",
        }
    ],
    "process_data": [
        {"enterprise_id": "A", "parameter_id": "speed", "observed_at": "2026-03-01", "value": "-1.5e-3"}
    ],
    "quality_costs": [
        {"enterprise_id": "A", "period": "2026-03", "category": "scrap", "amount": "1234.50"},
        {
            "enterprise_id": "A",
            "period": "2026-03",
            "category": "scrap",
            "amount": "0.01",
            "product_id": "p1",
        },
    ],
    "output_values": [{"enterprise_id": "A", "period": "2026-03", "amount": "100000"}],
    "assessments": [
        {
            "enterprise_id": "A",
            "item_id": "qms",
            "level": "3",
            "assessed_on": "2026-01-31",
            "source": "self",
            "note": '逗号, 引号" 和换行\n都在',
        }
    ],
    "declarations": [
        {"enterprise_id": "A", "statistic": "cpk", "from_period": "2026-01", "tracked": "false"}
    ],
    "supply_links": [{"supplier_id": "B", "customer_id": "A", "material": "铸件", "share": "0.4"}],
    "actions": [
        {
            "action_id": "1",
            "enterprise_id": "A",
            "title": "调速",
            "parameter_id": "speed",
            "from_value": "2",
            "to_value": "3",
            "started_on": "2026-03-02",
            "cost": "500.00",
            "status": "doing",
        }
    ],
    "plan_targets": [
        {
            "plan_id": "2027",
            "level_id": "assurance",
            "baseline_period": "2023-12",
            "by_period": "2027-12",
            "count": "8000",
        }
    ],
}


@pytest.fixture
def rows():
    """Rows of text by table."""
    return {name: [dict(row) for row in found] for name, found in ROWS.items()}


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", threads=2, memory_limit="500MB")


@pytest.fixture
def store(settings):
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def imported(tmp_path_factory):
    """A home into which the small plant was imported; `filled` and others take copies of it."""
    settings = Settings(home=tmp_path_factory.mktemp("imported") / "home", threads=2, memory_limit="500MB")
    with Store.open(settings) as store:
        store.import_paths([write_tables(settings.home.parent / "in", ROWS)])
    return settings


@pytest.fixture
def filled(imported, settings):
    """A store of its own that holds the small plant."""
    shutil.copytree(imported.home, settings.home)
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def write():
    return write_tables


def write_tables(folder, rows, kind="csv", language="en", encoding="utf-8"):
    """Write tables as `csv`, `csv.gz`, `parquet` (typed), `text.parquet` or `xlsx`."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        write_workbook(folder / "plant.xlsx", rows, language)
        return folder
    for name, found in rows.items():
        text = as_csv(name, found, language)
        if kind == "csv":
            (folder / f"{name}.csv").write_bytes(text.encode(encoding))
        elif kind == "csv.gz":
            (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode(encoding)))
        else:
            write_parquet(folder / f"{name}.parquet", name, text, kind == "parquet")
    return folder


def header(name, language):
    return [column.zh if language == "zh" else column.name for column in TABLES[name].columns]


def as_csv(name, found, language="en"):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header(name, language))
    writer.writerows([row.get(column, "") for column in TABLES[name].names] for row in found)
    return out.getvalue()


def write_parquet(path, name, text, typed):
    table = TABLES[name]
    own = text.split("\r\n")[0].split(",")
    types = {head: pa.string() for head in own}
    if typed:
        native = {
            Type.COUNT: pa.int64(),
            Type.NUMBER: pa.float64(),
            Type.FLAG: pa.bool_(),
            Type.DATE: pa.date32(),
        }
        types = {
            head: native.get(column.type, pa.string())
            for head, column in zip(own, table.columns, strict=True)
        }
    options = pa.csv.ConvertOptions(
        column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    read = pa.csv.read_csv(
        io.BytesIO(text.encode()),
        convert_options=options,
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
    )
    pq.write_table(read, path)


def write_workbook(path, rows, language):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, found in rows.items():
        sheet = book.create_sheet(name)
        sheet.append(header(name, language))
        for row in found:
            sheet.append([row.get(column) for column in TABLES[name].names])
    book.save(path)
    book.close()


def contents(store):
    """All current rows of all tables, sorted: what must not depend on how they were brought."""
    return {
        name: sorted(map(repr, store.table(name).collect("pyarrow").to_arrow().to_pylist()))
        for name in TABLES
    }


@pytest.fixture
def all_rows():
    return contents
