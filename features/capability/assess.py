"""Capability of every characteristic at once: indices, interval, stability and the reasons against it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from features.aggregates import Scope
from features.aggregates.measured import SUBGROUP, with_subgroups
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import ENTERPRISE
from features.capability.grading import Limits, graded_indices
from features.capability.layout import CHARACTERISTIC, to_samples
from features.capability.normality import p_normal, refuted
from features.capability.ranks import ranked
from features.capability.samples import Flags, Samples
from features.capability.spread import Method, sd_within
from features.capability.stability import REASONS, stability, verdict
from features.tables import Tables

__all__ = ["CHARACTERISTIC", "assess", "assess_samples", "capability", "to_samples"]

LIMITS = ["product_id", "nominal", "lsl", "usl", "key"]


def capability(
    tables: Tables,
    since: date | None = None,
    until: date | None = None,
    enterprise_ids: tuple[str, ...] | None = None,
    method: Method = "pooled",
) -> pd.DataFrame:
    """Assess the measurements of all characteristics from `since` to `until` (both included); see
    `assess`."""
    scope = Scope("month", until, since, enterprise_ids)
    return assess(read_measurements(tables, scope), read_characteristics(tables, scope), method)


def read_characteristics(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the characteristics of the enterprises in scope, sorted by key, `key` false where it is
    blank."""
    rows = scope.of_enterprises(tables.table("characteristics")).select(*CHARACTERISTIC, *LIMITS)
    frame = collect_pandas(rows).sort_values(CHARACTERISTIC, ignore_index=True)
    frame["key"] = frame["key"].eq(True)
    return frame


def read_measurements(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Return the measurements in scope, with month index `t` and what tells subgroups apart."""
    rows = with_subgroups(scope.timed(tables, "measurements", "measured_at"))
    return collect_pandas(rows.select(*CHARACTERISTIC, "t", *SUBGROUP, "measured_at", "piece", "value"))


def assess(
    measurements: pd.DataFrame, characteristics: pd.DataFrame, method: Method = "pooled"
) -> pd.DataFrame:
    """Return one row per characteristic, measured or not.

    Columns: enterprise_id, characteristic_id, product_id, nominal, lsl, usl, key; n, subgroups, mean,
    sd_within, sd_overall; cp, cpk, cpk_low, cpk_high (95 %), pp, ppk, ppk_low, ppk_high, cpm; method,
    distribution, p_normal, q_low, q_mid, q_high (0.135, 50 and 99.865 %); expected_outside,
    observed_outside (shares); beyond, drift, excursion, autocorrelation; stable and reasons (names of
    `stability.REASONS`, in that order).

    `method` is `percentile` where normality is refuted: Pp and Ppk then follow the geometric method of
    ISO 22514-2, and so do Cp and Cpk if the process is stable (what it does within is what it does). Of
    an unstable process Cp and Cpk are those of σ within, whatever the method. `method` the parameter is
    how σ within is estimated.

    Numbers that cannot be computed are NaN. Where n < 2 nothing speaks against stability and nothing for
    it: `stable` is true and no Cpk is given.
    """
    samples = to_samples(measurements, characteristics)
    return assess_samples(samples, characteristics, method)


def assess_samples(
    samples: Samples, characteristics: pd.DataFrame, method: Method = "pooled"
) -> pd.DataFrame:
    """Return what `assess` does, of values that are laid out already."""
    with np.errstate(over="ignore", invalid="ignore"):
        limits = Limits.of(characteristics)
        family = pd.factorize(characteristics[ENTERPRISE])[0]
        within, ranks = sd_within(samples, method), ranked(samples)
        normal = p_normal(samples, ranks.shared)
        tests = stability(samples, within, ranks, normal)
        against = verdict(tests.p_values, family)
        stable: Flags = np.logical_not(against.any(axis=1))
        indices = graded_indices(samples, within, ranks, limits, refuted(normal, family), stable)
    return characteristics.assign(
        n=samples.n,
        subgroups=samples.groups.k,
        mean=samples.mean,
        sd_within=within.sd,
        sd_overall=samples.sd_overall,
        **indices._asdict(),
        p_normal=normal,
        beyond=tests.beyond,
        drift=tests.drift,
        excursion=tests.excursion,
        autocorrelation=tests.autocorrelation,
        stable=stable,
        reasons=pd.Series(_named(against), dtype="object"),
    )


def _named(against: Flags) -> list[tuple[str, ...]]:
    return [tuple(name for name, counts in zip(REASONS, row, strict=True) if counts) for row in against]
