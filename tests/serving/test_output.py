"""Answers on standard output: strict JSON for programs, a readable table for people."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from pydantic import BaseModel

from serving.output import emit, plain


class Model(BaseModel):
    name: str


@dataclass
class Record:
    name: str


ROW = {
    "id": "E1",
    "name": "卓[bold]越[/bold]",
    "nan": float("nan"),
    "money": Decimal("1200000.10"),
    "day": date(2025, 1, 2),
    "at": datetime(2025, 1, 2, 3, 4, 5),
    "quantiles": {0.05: 1.5},
    "list": (1, 2),
    "numpy": np.float64(2.5),
    "count": np.int64(7),
    "flag": np.bool_(True),
}
PLAIN = {
    "id": "E1",
    "name": "卓[bold]越[/bold]",
    "nan": None,
    "money": "1200000.10",
    "day": "2025-01-02",
    "at": "2025-01-02T03:04:05",
    "quantiles": {"0.05": 1.5},
    "list": [1, 2],
    "numpy": 2.5,
    "count": 7,
    "flag": True,
}


def test_values_become_plain():
    assert plain(ROW) == PLAIN
    assert plain([Model(name="a"), Record("b")]) == [{"name": "a"}, {"name": "b"}]


def test_json_is_one_array(capsys):
    emit((ROW for _ in range(3)), "json")
    text = capsys.readouterr().out
    assert json.loads(text) == [PLAIN] * 3
    assert "卓" in text


def test_json_of_nothing_is_an_empty_array(capsys):
    emit([], "json")
    assert json.loads(capsys.readouterr().out) == []


def test_json_of_a_mapping_is_an_object(capsys):
    emit(ROW, "json")
    assert json.loads(capsys.readouterr().out) == PLAIN


def test_jsonl_is_one_object_a_line(capsys):
    emit([ROW, {"id": "E2"}], "jsonl")
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [PLAIN, {"id": "E2"}]


def test_programs_get_json_without_asking(capsys):
    emit([{"id": 1}])
    assert json.loads(capsys.readouterr().out) == [{"id": 1}]


def test_people_get_a_table_without_asking(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    emit([{"id": "E1", "level": 3}], columns=["level", "id"], title="Grades")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["Grades"], ["level", "id"], ["3", "E1"]]


def test_a_table_shows_brackets_as_they_are(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    emit([{"name": ROW["name"], "value": 0.123456789, "nothing": None}], "table")
    text = capsys.readouterr().out
    assert "卓[bold]越[/bold]" in text
    assert "0.123457" in text
    assert "–" in text


def test_an_unknown_format_names_itself():
    with pytest.raises(ValueError, match="xml"):
        emit([], "xml")
