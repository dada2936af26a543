"""`zhuoyue capability` as a user runs it: window, days, one enterprise, both languages, what is refused."""

import json
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from features.capability import capability
from features.capability.stability import REASONS
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from serving import capability_table
from serving.capability_rows import NUMBERS
from serving.main import build_app


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("capability")
    write_tables(World(seed=3, enterprises=4, months=14), folder / "records")
    with Store.open(Settings(home=folder / "home")) as store:
        store.import_paths([folder / "records"])
    return folder / "home"


@pytest.fixture
def zhuoyue(home, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_HOME", str(home))
    return lambda *words: CliRunner().invoke(build_app(), ["capability", *map(str, words)])


def rows(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_every_row_is_what_is_graded(zhuoyue, home):
    found = rows(zhuoyue())
    first = found[0]
    days = date.fromisoformat(first["since"]), date.fromisoformat(first["until"])
    with Store.open(Settings(home=home)) as store:
        expected = capability(store, *days, (first["enterprise_id"],)).iloc[0]
    for name in NUMBERS:
        value = expected[name]
        assert first[name] == (pytest.approx(value) if np.isfinite(value) else None), name
    assert first["reasons"] == list(expected["reasons"])
    assert (days[1] - days[0]).days in (364, 365)


def test_days_may_be_asked_for_instead_and_one_enterprise(zhuoyue):
    (one, *others) = rows(zhuoyue())
    some = rows(
        zhuoyue("--enterprise", one["enterprise_id"], "--since", one["since"], "--until", one["until"])
    )
    mine = [row for row in (one, *others) if row["enterprise_id"] == one["enterprise_id"]]
    assert some == mine
    fewer = rows(zhuoyue("--enterprise", one["enterprise_id"], "--since", one["until"][:7]))
    assert 0 < fewer[0]["n"] < one["n"]


def test_a_table_speaks_either_language_and_breaks_no_heading(zhuoyue):
    chinese, english = (zhuoyue("--format", "table", "--language", one).stdout for one in ("zh", "en"))
    both = zhuoyue("--format", "table", "--language", "both").stdout
    assert both == chinese + english
    assert chinese == zhuoyue("--format", "table").stdout
    assert chinese.splitlines()[0].split()[:4] == ["企业", "特性", "n", "x̄"]
    assert all(words.en in english.splitlines()[0] for words in capability_table.COLUMNS.values())
    assert all(len(line) <= 160 for line in both.splitlines())
    assert len(chinese.splitlines()) == 1 + len(rows(zhuoyue()))


def test_every_reason_has_words():
    assert tuple(capability_table.REASONS) == REASONS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--enterprise", "nobody"], "nobody"),
        (["--as-of", "2025-13"], "2025-13"),
        (["--as-of", "2020-12", "--since", "2020-01"], "--since"),
        (["--since", "soon"], "soon"),
    ],
)
def test_what_is_refused_says_why(zhuoyue, words, said):
    result = zhuoyue(*words)
    assert result.exit_code != 0
    assert result.stdout == ""
    assert said in result.stderr or said in str(result.exception)
