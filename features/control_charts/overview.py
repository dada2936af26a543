"""All measured characteristics of an enterprise in one pass: which of them signal, and how often."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from features.capability.assess import read_characteristics, read_measurements, to_samples
from features.capability.constants import Ints
from features.capability.samples import Flags, Samples
from features.control_charts.from_records import allowed
from features.control_charts.measured import autocorrelated, measured, small_subgroups, tally
from features.control_charts.reading import known_enterprise, scope_of
from features.control_charts.rules import RULE_SETS, RuleSet
from features.tables import Tables


def overview(
    tables: Tables,
    enterprise_id: str,
    since: date | None = None,
    until: date | None = None,
    rules: RuleSet = "western_electric",
) -> pd.DataFrame:
    """Return one row per characteristic, charted as `chart` charts it without a `kind`.

    Columns: enterprise_id, characteristic_id, chart (`i_mr`, `xbar_r`, `xbar_s`), points, centre, sigma,
    beyond (points beyond their limits), signalling (beyond or completing a rule's pattern), spread_beyond
    (the same for ranges, standard deviations or moving ranges), autocorrelation (at lag 1 where it is
    significant, so that the limits are too narrow; else NaN).

    Raises:
        ChartError: no such enterprise or set of rules.
    """
    known_enterprise(tables, enterprise_id)
    allowed("rules", rules, RULE_SETS)
    scope = scope_of(enterprise_id, since, until)
    listed = read_characteristics(tables, scope)
    samples = to_samples(read_measurements(tables, scope), listed)
    small = small_subgroups(samples)
    by_range, by_sd = measured(samples, "R"), measured(samples, "S")
    counts = [tally(charts, rules) for charts in (by_range, by_sd)]

    def chosen(name: str) -> Ints:
        short, long = (np.asarray(getattr(one, name), dtype=np.int64) for one in counts)
        return np.where(small, short, long)

    return listed[["enterprise_id", "characteristic_id"]].assign(
        chart=_kinds(samples, small),
        points=chosen("points"),
        centre=by_range.standard.centre,
        sigma=np.where(small, by_range.standard.sigma, by_sd.standard.sigma),
        beyond=chosen("beyond"),
        signalling=chosen("signalling"),
        spread_beyond=chosen("spread_beyond"),
        autocorrelation=autocorrelated(samples, samples.units),
    )


def _kinds(samples: Samples, small: Flags) -> list[str]:
    return [
        "i_mr" if alone else "xbar_r" if short else "xbar_s"
        for alone, short in zip(samples.individual | (samples.n == 0), small, strict=True)
    ]
