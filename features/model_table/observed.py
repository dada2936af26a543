"""What was observed in each period, collected from an engine: the sparse side of the model table."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from features.aggregates import Scope
from features.aggregates.first_pass import enterprise_yield, first_pass, product_yield, stages
from features.aggregates.measured import (
    characteristic_periods,
    graded_periods,
    lowest_cpk,
    parameter_periods,
    parameter_product_periods,
)
from features.aggregates.resident import collect_pandas, settle
from features.aggregates.scope import ENTERPRISE, Rows
from features.aggregates.statements import deliveries, family_losses, losses, output_values
from features.aggregates.steps import STEPS, step_yields
from features.tables import Tables

KEYS = [ENTERPRISE, "product_id", "t"]
WHOLE = ""
"""Product id of the enterprise as a whole."""
FEWEST_VALUES = 5
"""A period's Cpk needs so many values of a characteristic."""


@dataclass(frozen=True)
class Observed:
    """Observations of one frequency, one row per entity and period that has any.

    `parts` have KEYS and columns of `VALUES`; `readings` KEYS, parameter_id, mean, sd; `graded` KEYS,
    characteristic_id, mean, log_sd, lsl, usl; `statements` the (enterprise, t) with a monthly statement.
    """

    parts: tuple[pd.DataFrame, ...]
    readings: pd.DataFrame
    graded: pd.DataFrame
    statements: pd.DataFrame


PROCESSES = tuple(f"process.{step}" for step in range(1, STEPS + 1))
"""Steps of the route as signals: first-pass yield of each."""
TARGETS = ("ftq", "internal_loss", "external_loss", "ppm", "cpk")
QUANTITIES = (
    "q.output_value",
    "q.internal_amount",
    "q.external_amount",
    "q.units",
    "q.nonconforming",
    "q.submitted",
    "q.ftq_clipped",
    "q.measured",
    *(f"q.{process}" for process in PROCESSES),
)


def observe(tables: Tables, scope: Scope) -> Observed:
    """Run every aggregate once."""
    statements = (_deliveries(tables, scope), _costs(tables, scope), _output(tables, scope))
    passes, measured = settle(first_pass(tables, scope)), settle(characteristic_periods(tables, scope))
    parts = (_yields(passes), _steps(tables, passes), _cpk(tables, measured), *statements)
    stated = pd.concat([part[[ENTERPRISE, "t"]] for part in statements]).drop_duplicates()
    graded = collect_pandas(graded_periods(tables, measured, FEWEST_VALUES)).assign(product_id=WHOLE)
    return Observed(parts, _readings(tables, scope), graded, stated)


def _yields(passes: Rows) -> pd.DataFrame:
    products = settle(product_yield(settle(stages(passes))))
    whole = collect_pandas(enterprise_yield(products))
    rows: pd.DataFrame = pd.concat(
        [collect_pandas(products), whole.assign(product_id=WHOLE)], ignore_index=True
    )
    return rows.rename(columns={"started": "q.submitted", "ftq_clipped": "q.ftq_clipped"})


def _steps(tables: Tables, passes: Rows) -> pd.DataFrame:
    rows = collect_pandas(step_yields(tables, passes))
    wide = rows.pivot_table(index=KEYS, columns="step", values="share", aggfunc="first")
    wide = wide.reindex(columns=range(1, STEPS + 1)).reset_index()
    wide.columns = [*KEYS, *(f"q.{process}" for process in PROCESSES)]
    return wide


def _deliveries(tables: Tables, scope: Scope) -> pd.DataFrame:
    rows = collect_pandas(deliveries(tables, scope))
    whole = rows.groupby([ENTERPRISE, "t"], as_index=False)[["units", "nonconforming"]].sum()
    both = pd.concat([rows, whole.assign(product_id=WHOLE)], ignore_index=True)
    return both.rename(columns={"units": "q.units", "nonconforming": "q.nonconforming"})


def _costs(tables: Tables, scope: Scope) -> pd.DataFrame:
    amount = nw.col("amount").cast(nw.Float64)
    rows = collect_pandas(family_losses(losses(tables, scope)).with_columns(amount=amount))
    wide = rows.pivot_table(index=[ENTERPRISE, "t"], columns="family", values="amount", aggfunc="sum")
    wide = wide.reindex(columns=["internal", "external"]).reset_index()
    wide.columns = [ENTERPRISE, "t", "q.internal_amount", "q.external_amount"]
    return wide.assign(product_id=WHOLE)


def _output(tables: Tables, scope: Scope) -> pd.DataFrame:
    amount = nw.col("amount").cast(nw.Float64)
    rows = collect_pandas(output_values(tables, scope).with_columns(amount=amount))
    return rows.rename(columns={"amount": "q.output_value"}).assign(product_id=WHOLE)


def _cpk(tables: Tables, measured: Rows) -> pd.DataFrame:
    rows = collect_pandas(lowest_cpk(tables, measured, FEWEST_VALUES))
    return rows.rename(columns={"measured": "q.measured"}).assign(product_id=WHOLE)


def _readings(tables: Tables, scope: Scope) -> pd.DataFrame:
    columns = [*KEYS, "parameter_id", "mean", "sd"]
    whole = collect_pandas(parameter_periods(tables, scope)).assign(product_id=WHOLE)
    return pd.concat([whole, collect_pandas(parameter_product_periods(tables, scope))])[columns]
