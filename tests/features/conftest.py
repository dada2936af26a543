"""Record tables of a few awkward plants, drawn from a seed, for the feature tests.

Mixed frequencies, gaps, a product that stops and one that starts, parallel processes, rework, subgroups of
unequal size and single values, a parameter that is never recorded, costs that are not stated every month.
"""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

START = datetime(2022, 11, 1)
ENTERPRISES = {"M1": "month", "M2": "month", "M3": "month", "W1": "week", "D1": "day"}
ROUTES = {
    "M1": {"P1": [("10", 1), ("20a", 2), ("20b", 2), ("30", 3)], "P2": [("10", 1), ("20", 2)]},
    "M2": {"P1": [("10", 1)]},
    "M3": {"P1": [("10", 1), ("20", 2)], "P2": [("10", 1)], "P3": [("10", 5), ("20", 9)]},
    "W1": {"P1": [("10", 1), ("20", 2)]},
    "D1": {"P1": [("10", 1)], "P2": [("10", 1)]},
}
DAYS = {"month": 800, "week": 300, "day": 70}


def awkward_plants(seed=0):
    """Return record tables (pandas frames by table name)."""
    rng = np.random.default_rng(seed)
    frames = {
        "enterprises": _enterprises(),
        "processes": _processes(),
        "inspections": _inspections(rng),
        "deliveries": _deliveries(rng),
        "quality_costs": _costs(rng),
        "output_values": _output(rng),
        "characteristics": _characteristics(),
        "measurements": _measurements(rng),
        "parameters": _parameters(),
        "assessments": _assessments(rng),
    }
    frames["process_data"] = _process_data(rng, frames["inspections"])
    return frames


@pytest.fixture(scope="session")
def plants():
    """`awkward_plants` of one seed; treat as read-only."""
    return awkward_plants()


@pytest.fixture(scope="session")
def make_plants():
    return awkward_plants


def _enterprises():
    frame = pd.DataFrame(list(ENTERPRISES.items()), columns=["enterprise_id", "frequency"])
    industries, sizes = ["C3670", "2614", None, "31", "0810"], ["large", "micro", None, "small", "medium"]
    return frame.assign(industry_code=industries, size=sizes)


def _routes():
    for enterprise, products in ROUTES.items():
        for product, route in products.items():
            for process, seq in route:
                yield enterprise, product, process, seq


def _processes():
    return pd.DataFrame(_routes(), columns=["enterprise_id", "product_id", "process_id", "seq"])


def _made(enterprise, product, day):
    """P2 of M1 stops after a year, P3 of M3 starts after one; nobody works in the second summer."""
    if (enterprise, product) == ("M1", "P2") and day > 365:
        return False
    if (enterprise, product) == ("M3", "P3") and day < 365:
        return False
    return not (enterprise != "D1" and 270 < day < 310)


def _inspections(rng):
    rows = []
    for enterprise, product, process, _ in _routes():
        frequency = ENTERPRISES[enterprise]
        step = {"month": 9, "week": 2, "day": 0.4}[frequency]
        for lot, day in enumerate(np.arange(0, DAYS[frequency], step)):
            if not _made(enterprise, product, day) or rng.random() < 0.25:
                continue
            submitted = int(rng.integers(1, 400))
            passed = int(rng.binomial(submitted, 0.97))
            at = START + timedelta(days=float(day), hours=float(rng.integers(0, 9)))
            row = [enterprise, product, process, f"{product}-{lot}", at, submitted, passed, 1]
            rows.append(row)
            if passed < submitted:
                rows.append([*row[:4], at + timedelta(days=1), submitted - passed, submitted - passed, 2])
    columns = ["enterprise_id", "product_id", "process_id", "lot_id", "inspected_at", "submitted", "passed"]
    return _times(pd.DataFrame(rows, columns=[*columns, "submission"]), "inspected_at")


def _months():
    for enterprise in ENTERPRISES:
        for month in pd.period_range("2022-11", "2024-12", freq="M"):
            yield enterprise, str(month)


def _deliveries(rng):
    rows = []
    for enterprise, period in _months():
        for product in ROUTES[enterprise]:
            if rng.random() < 0.85:
                units = int(rng.integers(0, 3)) * int(rng.integers(100, 9_000))
                rows.append([enterprise, product, period, units, int(rng.binomial(units, 0.002))])
    return pd.DataFrame(rows, columns=["enterprise_id", "product_id", "period", "units", "nonconforming"])


def _costs(rng):
    keys = [
        (*key, category, product)
        for key in _months()
        for category in ("scrap", "rework", "claims", "goodwill")
        for product in ("", "P1")
        if key[0] != "M2" and rng.random() < 0.6
    ]
    frame = pd.DataFrame(keys, columns=["enterprise_id", "period", "category", "product_id"])
    return frame.assign(amount=rng.integers(1, 10**7, len(frame)) / 100)


def _output(rng):
    rows = [[*key, float(rng.integers(10**7, 10**9)) / 100] for key in _months() if rng.random() < 0.9]
    return pd.DataFrame(rows, columns=["enterprise_id", "period", "amount"])


def _characteristics():
    rows = []
    for enterprise in ENTERPRISES:
        rows += [
            [enterprise, "grouped", "P1", 8.0, 12.0, True],
            [enterprise, "single", None, None, 11.5, enterprise != "M3"],
            [enterprise, "constant", "P1", 1.0, 2.0, False],
        ]
    columns = ["enterprise_id", "characteristic_id", "product_id", "lsl", "usl", "key"]
    return pd.DataFrame(rows, columns=columns)


def _measurements(rng):
    rows = []
    for enterprise, frequency in ENTERPRISES.items():
        for day in np.arange(0, DAYS[frequency], {"month": 6, "week": 1.5, "day": 0.5}[frequency]):
            at = START + timedelta(days=float(day))
            shift = f"S{int(day) % 3}"
            for piece in range(1, int(rng.integers(1, 6)) + 1):
                later = at + timedelta(minutes=5 * piece)
                rows.append(
                    [enterprise, "grouped", later, shift, piece, rng.normal(10 + 0.1 * (day % 7), 0.4)]
                )
            if rng.random() < 0.7:
                rows.append([enterprise, "single", at, "", 1, rng.normal(10, 0.3)])
            rows.append([enterprise, "constant", at, "", 1, 1.7])
    columns = ["enterprise_id", "characteristic_id", "measured_at", "subgroup_id", "piece", "value"]
    return _times(pd.DataFrame(rows, columns=columns), "measured_at")


def _parameters():
    rows = [
        [enterprise, name, "actionable", 0.0]
        for enterprise in ENTERPRISES
        for name in ("temperature", "speed", "never")
    ]
    return pd.DataFrame(rows, columns=["enterprise_id", "parameter_id", "kind", "lower"])


def _process_data(rng, inspections):
    rows = []
    for enterprise, frequency in ENTERPRISES.items():
        for day in np.arange(0, DAYS[frequency], {"month": 11, "week": 3, "day": 0.5}[frequency]):
            at = START + timedelta(days=float(day))
            rows.append([enterprise, "temperature", at, rng.normal(200, 5), ""])
    lots = inspections[inspections["submission"] == 1].sample(frac=0.5, random_state=1)
    for row in lots.drop_duplicates(["enterprise_id", "lot_id"]).itertuples():
        early = row.inspected_at - timedelta(days=float(rng.integers(0, 12)))
        rows.append([row.enterprise_id, "speed", early, rng.normal(60, 2), row.lot_id])
    columns = ["enterprise_id", "parameter_id", "observed_at", "value", "lot_id"]
    return _times(pd.DataFrame(rows, columns=columns), "observed_at")


def _assessments(rng):
    rows = []
    for enterprise in ENTERPRISES:
        for item in ("qms", "data", "culture"):
            for year in (2021, 2023, 2024):
                level, source = int(rng.integers(1, 6)), str(rng.choice(["self", "third_party"]))
                rows.append([enterprise, item, level, datetime(year, 3, 5).date(), source])
    return pd.DataFrame(rows, columns=["enterprise_id", "item_id", "level", "assessed_on", "source"])


def _times(frame, column):
    return frame.assign(**{column: frame[column].astype("datetime64[us]")})
