"""Published figures with year, source and address, as data (`figures.csv`).

They were copied by hand from the pages named; a derived figure says from what. Addresses are where a figure
was read, often a mirror of an official announcement: check against the official source before relying on one.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Unit = Literal["percent", "index"]
Indicator = Literal[
    "manufacturing_pass_rate",
    "spot_check_pass_rate",
    "spot_check_fail_rate",
    "quality_competitiveness_index",
    "quality_loss_rate",
]
INDICATORS: dict[Indicator, Unit] = {
    "manufacturing_pass_rate": "percent",
    "spot_check_pass_rate": "percent",
    "spot_check_fail_rate": "percent",
    "quality_competitiveness_index": "index",
    "quality_loss_rate": "percent",
}
"""制造业产品质量合格率, 国家监督抽查合格率, 抽查不合格率 by size, 制造业质量竞争力指数, 质量损失率."""
NATION = "nation"
AREAS = (NATION, "east", "centre", "west")
"""Areas without a code of GB/T 2260; every other is a province's two digits."""


@dataclass(frozen=True)
class Figure:
    """One published figure: per cent, or points of an index.

    `area` is `nation`, `east`, `centre`, `west` or a province's code (two digits); `industry` an industry as
    it was published (GB/T 4754-2002, whose division numbers were others than today's) and `size` a size of
    enterprise, "" all. `derived` says from what it was computed, "" where it stands so in the source; `url`
    is "" where no address was kept.
    """

    indicator: Indicator
    year: int
    area: str
    industry: str
    size: str
    value: float
    unit: Unit
    derived: str
    source: str
    url: str


@cache
def figures() -> tuple[Figure, ...]:
    """All figures, by indicator, area, industry, size and year; raises ValueError for a row out of order."""
    text = files(__package__).joinpath("figures.csv").read_text(encoding="utf-8")
    return tuple(_figure(line, row) for line, row in enumerate(csv.DictReader(text.splitlines()), start=2))


def _figure(line: int, row: dict[str, str]) -> Figure:
    indicator = row["indicator"]
    if indicator not in INDICATORS:
        raise ValueError(f"figures.csv, line {line}: found {indicator!r}; allowed: {', '.join(INDICATORS)}")
    named: Indicator = indicator
    if row["unit"] != INDICATORS[named] or not row["source"]:
        raise ValueError(f"figures.csv, line {line}: needs a source and the unit {INDICATORS[named]}")
    return Figure(
        indicator=named,
        year=int(row["year"]),
        area=row["area"],
        industry=row["industry"],
        size=row["size"],
        value=float(row["value"]),
        unit=INDICATORS[named],
        derived=row["derived"],
        source=row["source"],
        url=row["url"],
    )
