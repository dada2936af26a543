"""Which levers advice left open, by the reason code it gave."""

from collections.abc import Iterable

import pandas as pd

from models.recommend.rows import RecommendationRow


def doubts_of(rows: Iterable[RecommendationRow], parameters: pd.DataFrame) -> dict[str, dict[str, str]]:
    """{enterprise_id: {parameter_id: reason code}} of every actionable lever without a recommendation.

    `parameters` is the record table; a lever of which advice said nothing in particular has the code "".
    """
    acting = parameters[parameters["kind"] == "actionable"]
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.enterprise_id not in found:
            own = acting.loc[acting["enterprise_id"] == row.enterprise_id, "parameter_id"]
            found[row.enterprise_id] = dict.fromkeys(sorted(set(map(str, own))), "")
        mine = found[row.enterprise_id]
        mine.pop(row.parameter_id or "", None)
        if row.reason_parameter_id in mine and row.reason_code:
            mine[row.reason_parameter_id] = row.reason_code
        mine |= {w.parameter_id: w.reason_code for w in row.withheld if w.parameter_id in mine}
    return found
