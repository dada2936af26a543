"""Official history: only what newer records can have changed is made anew, and it comes out the same."""

import pandas as pd
import pytest

from features.aggregates.scope import ENTERPRISE
from features.periods import to_label
from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from models.portfolio import history as past
from models.portfolio.bases import BASES, levels_of
from models.portfolio.history import Changed
from models.portfolio.ledger_changes import changes, visible

LATEST = {"E0001": 2022 * 12 + 5, "E0002": 2022 * 12 + 5}
NONE = pd.DataFrame(columns=list(past.COLUMNS))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("history")
    write_tables(World(3, 2, 20), home / "in")
    settings = Settings(home=home / "home", threads=1)
    with Store.open(settings) as store:
        store.import_paths([home / "in"])
    return settings


@pytest.fixture(scope="module")
def whole(home):
    with Store.open(home) as store:
        latest = dict.fromkeys(store.enterprises(), LATEST["E0001"])
        return past.history(store, latest, NONE, [])


def test_months_before_the_first_full_year_have_no_answer(whole, home):
    with Store.open(home) as store:
        first = past.first_months(store)
    for name, own in whole.groupby(ENTERPRISE):
        assert own["month"].min() == first[name] + 11
        assert own["month"].max() == LATEST["E0001"] - 1


def test_every_month_is_what_the_month_alone_gives(whole, home):
    with Store.open(home) as store:
        for month, own in whole.groupby("month"):
            answers = past.official(store, own[ENTERPRISE].tolist(), to_label(int(month), "month"))
            found = [(a[ENTERPRISE], *levels_of(a).values()) for a in answers]
            assert found == list(own[[ENTERPRISE, *BASES]].itertuples(index=False, name=None))


def test_what_is_kept_is_not_made_again(home, whole, monkeypatch):
    asked = []
    monkeypatch.setattr(past, "evidence_by_month", lambda tables, wanted: asked.append(dict(wanted)) or [])
    with Store.open(home) as store:
        latest = dict.fromkeys(store.enterprises(), LATEST["E0001"])
        again = past.history(store, latest, whole, [])
        assert again.to_dict("records") == whole.to_dict("records")
        past.history(store, latest, whole, [Changed("E0002", "E0002", 2022 * 12 + 3)])
    assert asked == [{}, {2022 * 12 + 3: ["E0002"], 2022 * 12 + 4: ["E0002"]}]


def test_newer_files_say_from_which_month_on(home):
    files = visible(home).files
    everything = {(c.low, c.month) for c in changes(home, files, set())}
    assert ("E0001", 0) in everything  # master data: from ever
    by_table = {f.table_name: f.path for f in files}
    rest = {path for name, path in by_table.items() if name != "inspections"}
    (only,) = changes(home, files, rest)
    with Store.open(home) as store:
        assert only.month == min(past.first_months(store).values())
    assert list(changes(home, files, {f.path for f in files})) == []


def test_first_reached_by_hand():
    rows = pd.DataFrame(
        [("a", 1, 0, 1), ("a", 2, 2, 2), ("a", 3, 1, 4), ("b", 2, 5, 5)], columns=list(past.COLUMNS)
    )
    found = past.reached(rows, "grade", ["a", "b", "c"])
    assert found.since.tolist() == [2, 2, 0]
    assert found.first.tolist() == [[2, 0, 0, 0], [2, 2, 2, 2], [0, 0, 0, 0]]
