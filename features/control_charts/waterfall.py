"""Where a product's units fail for the first time: yield by process, from all units down to rolled yield."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import prod

import pandas as pd

from features.aggregates.first_pass import first_pass, stages
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import total
from features.control_charts.reading import known_enterprise, scope_of
from features.tables import Tables


@dataclass(frozen=True)
class YieldStep:
    """One stage of the route: its parallel processes together.

    `before` and `after` are the rolled yields up to the stage and with it, so that their difference is what
    the stage takes from the whole. Counts are units at their first submission.
    """

    stage: str
    process_ids: tuple[str, ...]
    submitted: int
    passed: int
    before: float
    after: float

    @property
    def first_pass(self) -> float:
        """Share of the units that pass at their first submission."""
        return self.passed / self.submitted


@dataclass(frozen=True)
class ProductYield:
    """The stages of a product in the order of its route; `started` units at the first of them."""

    product_id: str
    started: int
    steps: tuple[YieldStep, ...]

    @property
    def rolled(self) -> float:
        """Rolled throughput yield: the product of the stages' first-pass yields."""
        return self.steps[-1].after


def yield_steps(
    tables: Tables, enterprise_id: str, since: date | None = None, until: date | None = None
) -> tuple[ProductYield, ...]:
    """Return every product's yield stage by stage from `since` to `until`, the most started product first.

    A stage is a step of `processes.seq`; a process that no row lists stands last, on its own. The counts of
    all months are added before yields are multiplied, as the official indicator does.

    Raises:
        ChartError: no such enterprise.
    """
    known_enterprise(tables, enterprise_id)
    rows = first_pass(tables, scope_of(enterprise_id, since, until))
    sums = (
        stages(rows)
        .group_by("product_id", "stage", "order")
        .agg(submitted=total("submitted"), passed=total("passed"))
    )
    names = collect_pandas(rows.select("product_id", "process_id", "seq").unique())
    frame = collect_pandas(sums).sort_values(["product_id", "order", "stage"])
    found = [_product(str(name), group, names) for name, group in frame.groupby("product_id")]
    return tuple(sorted(found, key=lambda product: (-product.started, product.product_id)))


def _product(product_id: str, stages_of: pd.DataFrame, names: pd.DataFrame) -> ProductYield:
    named = _names(names[names["product_id"] == product_id])
    shares = [float(p) / float(s) for p, s in zip(stages_of["passed"], stages_of["submitted"], strict=True)]
    steps = tuple(
        YieldStep(
            str(stage),
            named.get(str(stage), ()),
            int(submitted),
            int(passed),
            prod(shares[:at], start=1.0),
            prod(shares[: at + 1], start=1.0),
        )
        for at, (stage, submitted, passed) in enumerate(
            zip(stages_of["stage"], stages_of["submitted"], stages_of["passed"], strict=True)
        )
    )
    return ProductYield(product_id, steps[0].submitted, steps)


def _names(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the processes of every stage, named as `first_pass.stages` names it."""
    found: dict[str, tuple[str, ...]] = {}
    for process, seq in sorted(zip(rows["process_id"].astype(str), rows["seq"], strict=True)):
        stage = f"?{process}" if pd.isna(seq) else str(int(seq))
        found[stage] = (*found.get(stage, ()), process)
    return found
