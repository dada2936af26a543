"""An importer that is killed leaves all of its call or nothing, and the next one sweeps up."""

import os
import signal
import subprocess
import sys
import time

import pytest

from features.records.schema import TABLES
from features.store import Store

SCRIPT = """
import os, signal, sys
from pathlib import Path
from features.settings import Settings
from features.store import Store, importing, ledger

def die(*_args, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

def dying_at(module, name, turn, after):
    real, turns = getattr(module, name), iter(range(1000))
    def replaced(*args, **named):
        last = next(turns) == turn
        if last and not after:
            die()
        answer = real(*args, **named)
        if last and after:
            die()
        return answer
    setattr(module, name, replaced)

home, folder, point = sys.argv[1:]
points = {
    "before anything is written": lambda: dying_at(importing, "publish", 0, False),
    "after the first file": lambda: dying_at(importing, "publish", 0, True),
    "between two files": lambda: dying_at(importing, "publish", 5, False),
    "before the ledger": lambda: dying_at(ledger, "commit", 0, False),
    "inside the ledger's transaction": lambda: dying_at(ledger, "_insert", 2, True),
    "after the ledger": lambda: dying_at(ledger, "commit", 0, True),
}
points[point]()
with Store.open(Settings(home=Path(home))) as store:
    store.import_paths([folder])
"""
POINTS = {
    "before anything is written": False,
    "after the first file": False,
    "between two files": False,
    "before the ledger": False,
    "inside the ledger's transaction": False,
    "after the ledger": True,
}


def files_of(settings):
    return {path.relative_to(settings.records).as_posix() for path in settings.records.glob("*/*.parquet")}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(tmp_path, settings, rows, write, all_rows, point):
    folder = write(tmp_path / "in", rows)
    run = subprocess.run([sys.executable, "-c", SCRIPT, settings.home, folder, point], check=False)
    assert run.returncode == -signal.SIGKILL
    with Store.open(settings) as store:
        counts = {name: len(found) for name, found in all_rows(store).items()}
        whole = {name: len(rows[name]) for name in TABLES}
        assert counts == (whole if POINTS[point] else dict.fromkeys(TABLES, 0))
        report = store.import_paths([folder])
        assert sum(row.same if POINTS[point] else row.new for row in report.tables) == sum(whole.values())
        assert {name: len(found) for name, found in all_rows(store).items()} == whole
        assert files_of(settings) == {file.path for file in store._snapshot.files}
        assert not list((settings.records / ".staging").glob("*"))


def test_killed_at_any_moment(tmp_path, settings, rows, write, all_rows):
    """Kills real imports at moments spread over their run; every state is one of two."""
    folder = write(tmp_path / "in", rows)
    script = (
        "import sys; from pathlib import Path; from features.settings import Settings\n"
        "from features.store import Store\n"
        "with Store.open(Settings(home=Path(sys.argv[1]))) as store:\n"
        "    print('open', flush=True); store.import_paths([sys.argv[2]])"
    )
    nothing, whole = 0, sum(map(len, rows.values()))
    for wait in (0.02, 0.1, 0.2, 0.4, 0.8):
        with subprocess.Popen(
            [sys.executable, "-c", script, settings.home, folder], stdout=subprocess.PIPE, text=True
        ) as process:
            process.stdout.readline()
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
        with Store.open(settings) as store:
            count = sum(map(len, all_rows(store).values()))
            assert count in (nothing, whole)
            nothing = count  # once it is in, it stays
    with Store.open(settings) as store:
        store.import_paths([folder])
        assert sum(map(len, all_rows(store).values())) == whole


def test_a_store_sweeps_only_what_it_wrote(settings, tmp_path, rows, write):
    with Store.open(settings) as store:
        store.import_paths([write(tmp_path / "in", rows)])
        foreign = settings.records / "measurements" / "somebody-elses.parquet"
        foreign.write_bytes(b"x")
        orphan = settings.records / "measurements" / f"{store._snapshot.uid}-00000099-rows-dead.parquet"
        orphan.write_bytes(b"x")
        rows["enterprises"].append({"enterprise_id": "C"})
        store.import_paths([write(tmp_path / "more", rows)])
        assert foreign.exists()
        assert not orphan.exists()
        assert store.enterprises() == ["A", "B", "C"]
