"""Targets for the demonstration's planner: a plan of the province in which the simulated plants lie."""

from __future__ import annotations

import csv
from pathlib import Path

PLAN = "浙江省质量强企计划（模拟）"
BASELINE, REGION = "2024-12", "33"
SHARES = (
    ("inspection", "2026-12", 0.10),
    ("inspection", "2027-12", 0.15),
    ("assurance", "2026-12", 0.05),
    ("assurance", "2027-12", 0.10),
    ("prevention", "2027-12", 0.05),
)
"""Newly added since the baseline as a share of all enterprises: made up, of the size that plans have."""
COLUMNS = ("plan_id", "level_id", "baseline_period", "by_period", "count", "region_code")


def write_targets(folder: Path, enterprises: int) -> Path:
    """Write the record table `plan_targets` for a province of so many enterprises."""
    file = folder / "plan_targets.csv"
    with file.open("w", encoding="utf-8", newline="") as sink:
        table = csv.writer(sink)
        table.writerow(COLUMNS)
        for level, by, share in SHARES:
            table.writerow((PLAN, level, BASELINE, by, max(1, round(share * enterprises)), REGION))
    return file
