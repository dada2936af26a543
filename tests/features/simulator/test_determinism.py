"""Same seed, same bytes; one dial touches only its own phenomenon."""

import hashlib

import pyarrow as pa
import pytest

from features.simulator import Scenario, World, write_tables


def digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return hashlib.sha256(sink.getvalue().to_pybytes()).hexdigest()


@pytest.mark.parametrize("family", ["additive", "wear"])
def test_same_seed_same_tables(family):
    first, second = (World(seed=2, enterprises=8, months=24, family=family).tables() for _ in range(2))
    assert {n: digest(t) for n, t in first.items()} == {n: digest(t) for n, t in second.items()}


def test_another_seed_is_another_world():
    first, second = (World(seed=s, enterprises=8, months=24).tables() for s in (2, 3))
    assert [n for n in first if first[n].equals(second[n])] == []


def test_files_are_equal_to_the_byte(tmp_path):
    paths = [write_tables(World(seed=4, enterprises=4, months=12), tmp_path / part, "csv") for part in "ab"]
    assert [p.read_bytes() for p in paths[0].values()] == [p.read_bytes() for p in paths[1].values()]


def test_gauge_noise_changes_readings_only():
    quiet, loud = (
        World(seed=2, enterprises=8, months=24, scenario=Scenario(gauge_noise=g)).tables() for g in (1, 2)
    )
    changed = [name for name in quiet if not quiet[name].equals(loud[name])]
    assert changed == ["parameters", "process_data"]


def test_missing_records_are_a_subset_of_complete_ones():
    complete, gaps = (
        World(seed=2, enterprises=8, months=24, scenario=Scenario(missing=m)).tables()["process_data"]
        for m in (0, 1)
    )
    rows = [set(zip(*(t[c].to_pylist() for c in t.column_names[:4]), strict=True)) for t in (complete, gaps)]
    assert rows[1] < rows[0]


def test_hiding_gauges_hides_nothing_else():
    shown, hidden = (
        World(seed=2, enterprises=8, months=24, scenario=Scenario(disclosed_gauges=d)).tables()
        for d in (0.7, 0)
    )
    assert shown["parameters"]["gauge_sd"].null_count < shown["parameters"].num_rows
    assert hidden["parameters"]["gauge_sd"].null_count == hidden["parameters"].num_rows
    assert shown["process_data"].equals(hidden["process_data"])
