"""A back-up carries scenarios, what they said, and what was computed of them."""

from features.settings import Settings
from features.store.database import open_database
from models.scenarios.keeping import kept
from serving.journal.checking import check
from serving.operating.backup import backup
from serving.operating.restore import restore
from serving.scenarios import every
from tests.serving.scenarios.conftest import OUTLOOK, computed


def test_restored_scenarios_are_there_with_what_was_computed(home, engine, tmp_path):
    own = computed(home, engine)
    before = every(engine)
    backup(home, tmp_path / "all.tar")
    elsewhere = Settings(home=tmp_path / "elsewhere")
    restore(elsewhere, tmp_path / "all.tar")
    opened = open_database(elsewhere)
    assert every(opened) == before
    opened.dispose()
    assert len(kept(elsewhere, own.id, "1", OUTLOOK).enterprise_ids) == 7
    assert check(elsewhere).faults == []
