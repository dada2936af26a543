"""The shelf: what is put on it comes back, by enterprise and by target, as rows and as JSON."""

import json
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.shelf import Shelf, write_shelf

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), TEXT, st.integers())
ENTERPRISES = st.dictionaries(
    TEXT, st.dictionaries(TEXT, st.lists(VALUES, min_size=1, max_size=3), min_size=1, max_size=3), max_size=4
)


def as_rows(by_enterprise):
    return [
        {"enterprise_id": name, "target": target, "value": value}
        for name, targets in sorted(by_enterprise.items())
        for target, values in sorted(targets.items())
        for value in values
    ]


@given(ENTERPRISES)
def test_every_row_comes_back_under_its_enterprise_and_target(by_enterprise):
    rows = as_rows(by_enterprise)
    with TemporaryDirectory() as folder:
        write_shelf(rows, Path(folder), "forecasts", by_target=True)
        shelf = Shelf(Path(folder), "forecasts")
        assert list(chain(*(shelf.rows(name) for name in sorted(by_enterprise)))) == rows
        for name, targets in by_enterprise.items():
            for target in targets:
                mine = [row for row in rows if (row["enterprise_id"], row["target"]) == (name, target)]
                assert shelf.rows(name, target) == mine
                assert json.loads(b"[" + shelf.body(name, target) + b"]") == mine


def test_whoever_is_not_there_has_no_rows(tmp_path):
    write_shelf([{"enterprise_id": "E1"}], tmp_path, "attainment")
    shelf = Shelf(tmp_path, "attainment")
    assert shelf.rows("E1") == [{"enterprise_id": "E1"}]
    assert shelf.rows("E2") == shelf.rows("E1", "ftq") == []


def test_what_json_cannot_say_is_refused(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        write_shelf([{"enterprise_id": "E1", "value": float("nan")}], tmp_path, "drivers")


def test_a_shelf_stays_readable_after_its_folder_is_gone(tmp_path):
    write_shelf([{"enterprise_id": "E1"}], tmp_path, "attainment")
    shelf = Shelf(tmp_path, "attainment")
    for file in tmp_path.iterdir():
        file.unlink()
    assert shelf.rows("E1") == [{"enterprise_id": "E1"}]


def test_rows_that_are_not_kept_by_target_may_change_it_from_row_to_row(tmp_path):
    rows = [{"enterprise_id": "E1", "target": target} for target in ("ftq", "ppm", "ftq")]
    write_shelf(rows, tmp_path, "recommendations")
    assert Shelf(tmp_path, "recommendations").rows("E1") == rows


@pytest.mark.parametrize("column", ["enterprise_id", "target"])
def test_rows_that_are_torn_apart_are_refused(tmp_path, column):
    rows = [{"enterprise_id": "E1", "target": "ftq"} | {column: value} for value in ("A", "B", "A")]
    with pytest.raises(ValueError, match="torn apart"):
        write_shelf(rows, tmp_path, "forecasts", by_target=True)
