"""Spark reads the same files and sees the same rows."""

import pytest

from features.settings import Settings
from features.store import Store

pytestmark = [
    pytest.mark.spark,
    # pyspark leaves sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_spark_sees_what_duckdb_sees(tmp_path, settings, rows, write, all_rows):
    pytest.importorskip("pyspark", reason="needs the spark extra")
    with Store.open(settings) as store:
        store.import_paths([write(tmp_path / "first", rows)])
        rows["measurements"][1]["value"] = "9.5"
        rows["measurements"].append({**rows["measurements"][0], "piece": "3"})
        store.import_paths([write(tmp_path / "second", rows)], on_conflict="replace")
        expected = all_rows(store)
    with Store.open(Settings(home=settings.home, engine="spark://local[2]")) as store:
        assert all_rows(store) == expected
        assert store.enterprises() == ["A", "B"]
