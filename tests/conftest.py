"""What holds for the whole suite: the order of its files, and how Java machines are started."""

import os
from pathlib import Path

HERE = Path(__file__).parent
LONG = (
    "e2e/test_pages.py",
    "serving/jobs/test_working.py",
    "e2e/test_readme.py",
    "features/aggregates/test_engines_agree.py",
    "models/training/test_mlproject.py",
    "notebooks/test_notebooks.py",
    "features/evidence/test_oracle.py",
    "serving/reports/workbook/test_recomputed.py",
    "models/training/test_two_at_once.py",
    "models/training/test_champions.py",
    "models/learning/test_irregular_history.py",
    "features/model_table/test_no_leakage.py",
    "e2e/test_real_plants.py",
)
"""Files of half a minute and more, the longest first: one begun last would leave the other process idle."""

# Sessions of Spark live for seconds here: what the second compiler and parallel collectors gain later is
# never earned back.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


def pytest_configure(config):
    config.option.loadscopereorder = False  # xdist would put files of few tests last, and those are long


def pytest_collection_modifyitems(items):
    places = {HERE / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))
