"""Several processes at once: importers one after the other, readers at any time."""

import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa

from features.store import ImportConflict, Store, ledger
from features.store.lock import locked

SCRIPT = """
import sys
from pathlib import Path
from features.settings import Settings
from features.store import ImportConflict, Store
with Store.open(Settings(home=Path(sys.argv[1]), threads=1)) as store:
    try:
        print(sum(row.new for row in store.import_paths([sys.argv[2]]).tables))
    except ImportConflict:
        print("conflict")
"""


def test_of_importers_with_one_key_one_wins(tmp_path, settings, rows, write):
    """Four processes bring another value of the same key each: conflicts are looked for inside the lock."""
    runs = []
    for number in range(4):
        rows["measurements"][0]["value"] = str(number)
        folder = write(tmp_path / f"in{number}", rows)
        runs.append(
            subprocess.Popen(
                [sys.executable, "-c", SCRIPT, settings.home, folder], stdout=subprocess.PIPE, text=True
            )
        )
    answers = sorted(run.communicate()[0].strip() for run in runs)
    assert answers == [str(sum(map(len, rows.values()))), "conflict", "conflict", "conflict"]
    with Store.open(settings) as store:
        assert store.table("measurements").collect("pyarrow").to_arrow().num_rows == 2


def test_importers_of_different_rows_all_get_in(tmp_path, settings, write):
    runs = []
    for number in range(4):
        folder = write(tmp_path / f"in{number}", {"enterprises": [{"enterprise_id": f"E{number}"}]})
        command = [sys.executable, "-c", SCRIPT, settings.home, folder]
        runs.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    assert [run.communicate()[0].strip() for run in runs] == ["1"] * 4
    with Store.open(settings) as store:
        assert store.enterprises() == ["E0", "E1", "E2", "E3"]


def test_readers_do_not_wait_for_an_importer(tmp_path, settings, store, rows, write):
    store.import_paths([write(tmp_path / "in", rows)])
    with locked(settings.records / ".lock"), Store.open(settings) as reader:
        assert reader.enterprises() == ["A", "B"]
        assert reader.table("inspections").collect("pyarrow").to_arrow().num_rows == 2


def test_an_importer_says_that_it_waits(tmp_path, settings, store, rows, write):
    said, free = [], threading.Event()

    def progress(_done, _total, description):
        said.append(description)
        free.set()

    def hold():
        with locked(settings.records / ".lock"):
            held.set()
            free.wait(30)

    held = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    store.import_paths([write(tmp_path / "in", rows)], progress=progress)
    holder.join()
    assert said[0] == "waiting for another import to end"
    assert "writing enterprises" in said


def test_the_ledger_refuses_an_import_that_another_machine_overtook(store):
    """Two machines share a database but no lock file: the number of the import is the second lock."""
    snapshot = store._snapshot
    ledger.commit(store._engine, snapshot, [], [], [], "report")
    with pytest.raises(sa.exc.IntegrityError):
        ledger.commit(store._engine, snapshot, [], [], [], "report")


def test_a_conflict_is_an_import_refused():
    assert issubclass(ImportConflict, ValueError)
    assert ImportConflict.exit_code == 2
