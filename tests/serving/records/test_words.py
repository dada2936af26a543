"""What faults say: every sentence that the importer has for a cell is said in the reader's language."""

import re
from pathlib import Path

import pytest

from features.records.schema import TABLES
from features.store import ImportRefused
from serving.web.language import language
from serving.web.views.fault_words import allowed, column_allows, said
from tests.features.store.conftest import ROWS, settings, store, write_tables  # noqa: F401 - fixtures

ZH, EN = language("zh"), language("en")
LATIN = re.compile(r"[A-Za-z]{3,}")
CELLS = [(table, column) for table in TABLES.values() for column in table.columns]
RULES = [(table, rule) for table in TABLES.values() for rule in table.rules]


@pytest.mark.parametrize(("table", "column"), CELLS, ids=lambda item: item.name)
def test_what_a_column_takes_is_said_in_both_languages(table, column):
    text = allowed(ZH, table.name, column.name, column.allowed)
    assert text == column_allows(ZH, column)
    if not column.values and column.type not in {"flag", "period", "date"}:
        assert not LATIN.search(text), text
    assert allowed(EN, table.name, column.name, column.allowed).startswith(column_allows(EN, column))


@pytest.mark.parametrize(
    ("table", "rule"), RULES, ids=lambda item: item.name if hasattr(item, "name") else item.column
)
def test_rules_between_columns_are_said_in_chinese(table, rule):
    text = allowed(ZH, table.name, rule.column, rule.allowed)
    assert text != rule.allowed
    assert not re.search("[a-z]{4,}", text), text


def test_faults_of_whole_files_are_said_in_chinese(store, tmp_path):  # noqa: F811
    """Bring what people bring, and look for a sentence that stayed English."""
    folder = write_tables(tmp_path / "in", {"enterprises": ROWS["enterprises"]})
    bad = {
        "products.csv": b"x1,y2\n",
        "processes.csv": b"enterprise_id;product_id;process_id;seq\n",
        "inspections.csv": b"",
        "deliveries.csv": "企业编号,x".encode("utf-16"),
        "output_values.csv": b"enterprise_id,period,amount\nA,2026-01\nA,2026-02,3,4\n",
        "quality_costs.csv": b'enterprise_id,period,category,amount\nA,2026-01,"scrap,4\n',
        "assessments.xlsx": b"PK no workbook",
        "actions.csv.gz": b"no gzip",
        "defects.parquet": b"PAR1",
        "letter.csv": b"x\n",
        "old.xls": b"x",
    }
    sentences = []
    for name, content in bad.items():
        path = Path(folder) / name
        path.write_bytes(content)
        with pytest.raises(ImportRefused) as refused:
            store.import_paths([path])
        sentences += [
            (fault.table, fault.column, fault.found, fault.allowed) for fault in refused.value.faults
        ]
    english = [
        text
        for table, column, found, right in sentences
        for text in (said(ZH, found, table), allowed(ZH, table, column, right))
        if re.search(r"\b(a|an|the|or|of|with)\b", text)
    ]
    assert not english


def test_a_value_is_never_translated():
    assert said(EN, "'the value itself, a or b'") == "'the value itself, a or b'"
