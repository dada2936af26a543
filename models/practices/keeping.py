"""Part of a publication: what everybody does, and what the effect model says of doing as the leaders do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.aggregates import Scope
from features.periods import first_day, period_end
from models.portfolio.kept import Portfolio
from models.practices.kept import Practices, write
from models.practices.own_rates import keep_rates
from models.practices.process import empty, process_practices
from models.practices.recorded import recorded_practices
from models.practices.supply import supply_practices
from models.practices.verdicts import verdicts

if TYPE_CHECKING:
    from models.outlook import Publication

YEAR, TWO_YEARS = 12, 24


def keep_practices(made: Publication) -> None:
    """Write practices, verdicts on levers, and yearly sums of rates, after the portfolio."""
    portfolio = Portfolio.load(made.folder)
    others = _others(made, portfolio.today) if portfolio.today else empty()
    rows = pd.concat([process_practices(made.table), others], ignore_index=True)
    practices = Practices(portfolio, rows, pd.DataFrame())
    write(made.folder, rows, verdicts(practices, made.fitted))
    keep_rates(made.folder, made.table.frame)


def _others(made: Publication, today: int) -> pd.DataFrame:
    from models.chains.links import read_links

    until = None if made.as_of is None else period_end(made.as_of)
    since = first_day(today - YEAR + 1, "month")
    actions_since = first_day(today - TWO_YEARS + 1, "month")
    recorded = recorded_practices(made.tables, Scope("month", until, since), actions_since)
    frame = made.table.frame
    whole = frame[(frame["product_id"] == "") & (frame["frequency"] == "month") & (frame["t"] > today - YEAR)]
    delivered = whole.groupby("enterprise_id")[["q.units", "q.nonconforming"]].sum()
    delivered.columns = ["units", "nonconforming"]
    links = read_links(made.tables, tuple(sorted(set(frame["enterprise_id"]))))
    return pd.concat([recorded, supply_practices(links, delivered)], ignore_index=True)
