"""The rows of a model table that show each enterprise at its own pace."""

from __future__ import annotations

import pandas as pd

from features.aggregates.scope import ENTERPRISE
from features.periods import FREQUENCIES


def finest(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep each enterprise's rows of the finest frequency that it has: days before weeks before months.

    Whoever sets events in order reads these; whoever needs a monthly statement reads the months.
    """
    pace = frame["frequency"].map({name: place for place, name in enumerate(FREQUENCIES)})
    kept: pd.DataFrame = frame[pace == pace.groupby(frame[ENTERPRISE]).transform("max")]
    return kept
