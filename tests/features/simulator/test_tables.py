"""The records keep every rule that the import will hold them to."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.records.schema import TABLES
from features.simulator import Scenario, World

GB_32100 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLAYED = [name for name in TABLES if name != "plan_targets"]


@pytest.fixture(scope="module")
def sql(tables):
    connection = duckdb.connect(config={"threads": 1})
    for name, table in tables.items():
        connection.register(name, table)
    yield connection
    connection.close()


def test_every_table_is_there_with_rows(tables):
    assert list(tables) == PLAYED
    assert [name for name, table in tables.items() if table.num_rows == 0] == []


@pytest.mark.parametrize("name", PLAYED)
def test_types_are_the_schemas(name, tables):
    assert tables[name].schema.equals(TABLES[name].arrow)


@pytest.mark.parametrize("name", PLAYED)
def test_keys_are_unique(name, sql):
    key = ", ".join(TABLES[name].key)
    assert sql.sql(f"SELECT {key}, count(*) n FROM {name} GROUP BY ALL HAVING n > 1").fetchall() == []


@pytest.mark.parametrize("name", PLAYED)
def test_required_and_key_columns_are_never_null(name, tables):
    needed = {column.name for column in TABLES[name].columns if column.required} | set(TABLES[name].key)
    assert {c: tables[name][c].null_count for c in needed} == dict.fromkeys(needed, 0)


@pytest.mark.parametrize("name", PLAYED)
def test_values_are_allowed(name, tables, sql):
    for column in TABLES[name].columns:
        values = tables[name][column.name]
        if column.values:
            assert set(values.unique().to_pylist()) - {None} <= set(column.values)
        if column.low is not None:
            below = f"{column.name} <= {column.low}" if column.above_low else f"{column.name} < {column.low}"
            assert sql.sql(f"SELECT count(*) FROM {name} WHERE {below}").fetchone() == (0,)
    for rule in TABLES[name].rules:
        assert sql.sql(f"SELECT count(*) FROM {name} WHERE NOT ({rule.condition})").fetchone() == (0,)


@pytest.mark.parametrize("name", PLAYED)
def test_references_stand(name, sql):
    for reference in TABLES[name].references:
        given = " AND ".join(f"coalesce(CAST({c} AS VARCHAR), '') <> ''" for c in reference.columns)
        targets = " UNION ".join(f"SELECT {', '.join(reference.target)} FROM {t}" for t in reference.tables)
        wanted = f"SELECT {', '.join(reference.columns)} FROM {name} WHERE {given}"
        assert sql.sql(f"SELECT count(*) FROM ({wanted} EXCEPT ({targets}))").fetchone() == (0,), reference


def test_defects_add_up_to_what_failed(sql):
    key = "enterprise_id, product_id, process_id, lot_id, submission"
    counted = f"SELECT {key}, sum(count) AS bad FROM defects GROUP BY ALL"
    wrong = f"SELECT count(*) FROM inspections JOIN ({counted}) USING ({key}) WHERE bad <> submitted - passed"
    assert sql.sql(wrong).fetchone() == (0,)


def test_no_reading_or_lot_lies_outside_the_history(tables, world):
    for name, column in (
        ("inspections", "inspected_at"),
        ("measurements", "measured_at"),
        ("process_data", "observed_at"),
    ):
        span = pc.min_max(tables[name][column]).as_py()
        assert f"{span['min']:%Y-%m}" >= world.period(0)
        assert f"{span['max']:%Y-%m}" <= world.last_period


def test_some_months_state_a_zero_cost(tables):
    amounts = tables["quality_costs"]["amount"].cast(pa.float64()).to_numpy()
    assert 0.02 < np.mean(amounts == 0) < 0.6


def test_levels_spread_over_the_ladder():
    tables = World(
        seed=3, enterprises=150, months=24, scenario=Scenario(late_starts=0, cold_starts=0)
    ).tables()
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("inspections", tables["inspections"])
        connection.register("deliveries", tables["deliveries"])
        rows = connection.sql("""
            SELECT exp(sum(ln(passed / submitted))) FROM (
                SELECT enterprise_id, product_id, process_id, sum(passed) passed, sum(submitted) submitted
                FROM inspections WHERE submission = 1 GROUP BY ALL) GROUP BY enterprise_id, product_id""")
        ftq = np.array(rows.fetchall()).ravel()
        ppm = "SELECT 1e6 * sum(nonconforming) / sum(units) FROM deliveries GROUP BY enterprise_id"
        ppm = np.array(connection.sql(ppm).fetchall()).ravel()
    steps = np.histogram(ftq, [0, 0.90, 0.95, 0.97, 0.98, 1])[0] / ftq.size
    assert (steps > 0.02).all(), steps
    assert steps[0] < 0.45
    assert (np.quantile(ppm, [0.03, 0.97]) > [0, 3e4]).all()
    assert np.quantile(ppm, 0.05) < 400


def test_registration_numbers_carry_right_check_characters(tables):
    for code in tables["enterprises"]["uscc"].to_pylist():
        assert len(code) == 18
        weights = [pow(3, i, 31) for i in range(17)]
        total = sum(GB_32100.index(c) * w for c, w in zip(code, weights, strict=False))
        assert (total + GB_32100.index(code[17])) % 31 == 0
        inner = sum(int(c) * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        assert (inner + "0123456789X".index(code[16])) % 11 == 0


def test_the_check_character_is_the_standards():
    """The number on which validators of GB 32100-2015 are commonly tried."""
    weights = [pow(3, i, 31) for i in range(17)]
    total = sum(GB_32100.index(c) * w for c, w in zip("91350100M000100Y43", weights, strict=False))
    assert (total + GB_32100.index("3")) % 31 == 0
