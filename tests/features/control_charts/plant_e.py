"""Records of one plant E whose charts can be worked out by hand: three characteristics, three processes."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from features.tables import FrameTables

START = datetime(2024, 1, 1, 8)


def measurements(characteristic, groups, named=True):
    """Return rows of subgroups, one a day, written backwards: the order of rows must not matter."""
    rows = [
        [
            "E",
            characteristic,
            START + timedelta(days=day, minutes=piece),
            f"G{day}" if named else "",
            piece,
            v,
        ]
        for day, group in enumerate(groups)
        for piece, v in enumerate(group, 1)
    ]
    columns = ["enterprise_id", "characteristic_id", "measured_at", "subgroup_id", "piece", "value"]
    return pd.DataFrame(rows[::-1], columns=columns)


RNG = np.random.default_rng(0)
FOURS, TWELVES, SINGLES = RNG.normal(5, 1, (40, 4)), RNG.normal(5, 1, (30, 12)), RNG.normal(5, 1, (50, 1))
LOTS = [(day, int(RNG.integers(80, 400))) for day in range(60)]


def inspections():
    rows = []
    for day, size in LOTS:
        at = START + timedelta(days=day)
        bad = int(RNG.binomial(size, 0.05))
        rows.append(["E", "P", "10", f"L{day}", at, size, size - bad, 1])
        if bad:
            rows.append(["E", "P", "10", f"L{day}", at + timedelta(hours=2), bad, bad, 2])
        rows.append(["E", "P", "20", f"L{day}", at, 100, 100 - int(100 * (day % 7 == 0)) // 2, 1])
    columns = ["enterprise_id", "product_id", "process_id", "lot_id", "inspected_at", "submitted", "passed"]
    return pd.DataFrame(rows, columns=[*columns, "submission"])


INSPECTIONS = inspections()
DEFECT = ["enterprise_id", "product_id", "process_id", "lot_id", "submission", "defect_code", "count"]


def plant_e():
    """Return the record tables."""
    process = [["E", "P", "10", 1], ["E", "P", "20", 2], ["E", "P", "30", 3]]
    named = [["E", name, "P", 0.0, 9.0, "mm"] for name in ("fours", "twelves", "singles", "pairs", "empty")]
    defects = [
        ["E", "P", "20", f"L{day}", submission, code, count]
        for day in range(0, 60, 2)
        for submission, code, count in ((1, "scratch", 3), (1, "dent", 1 + day % 3))
    ]
    months = [["E", "P", f"2023-{month:02d}", 5_000, 5 + month % 4] for month in range(1, 13)]
    return FrameTables(
        {
            "enterprises": pd.DataFrame({"enterprise_id": ["E", "F"]}),
            "processes": pd.DataFrame(process, columns=["enterprise_id", "product_id", "process_id", "seq"]),
            "characteristics": pd.DataFrame(
                named, columns=["enterprise_id", "characteristic_id", "product_id", "lsl", "usl", "unit"]
            ),
            "measurements": pd.concat(
                [
                    measurements("fours", FOURS),
                    measurements("twelves", TWELVES),
                    measurements("singles", SINGLES, named=False),
                ]
            ),
            "inspections": INSPECTIONS,
            "defects": pd.DataFrame(defects, columns=DEFECT),
            "deliveries": pd.DataFrame(
                months, columns=["enterprise_id", "product_id", "period", "units", "nonconforming"]
            ),
        }
    )
