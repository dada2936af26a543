"""Odd but importable record tables, drawn by hypothesis: rows as dicts, unique by key, references kept."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
from hypothesis import strategies as st

from features.records.schema import EXTERNAL_LOSSES, INTERNAL_LOSSES, ITEMS, TABLES
from features.tables import FrameTables

ENTERPRISES = (
    "E", "\u00c9", "E\u0301", "企业一", "o'Brien; DROP \"x\" --", "e\u200b", "🏭", "NULL", "nan", "0",
)  # fmt: skip
PRODUCTS = ("P1", "p1", "产品", "Ⅳ")
PROCESSES = ("10", "20", "工序 %", "１０")
MONTHS = ("2022-12", "2024-02", "2024-03", "2024-11", "2024-12", "2025-01", "2025-02")
DAYS = (
    date(2021, 2, 28), date(2021, 11, 30), date(2022, 1, 31), date(2022, 2, 1), date(2022, 2, 28),
    date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2025, 2, 28), date(2025, 3, 1),
)  # fmt: skip
TIMES = tuple(
    datetime(*parts)
    for parts in (
        (2022, 12, 31, 23, 59, 59, 999999), (2024, 2, 29, 0, 0), (2024, 3, 1, 0, 0), (2024, 12, 31, 12, 0),
        (2025, 1, 1, 0, 0), (2025, 1, 31, 23, 59, 59), (2025, 2, 27, 8, 0), (2025, 2, 28, 0, 0, 0, 1),
    )
)  # fmt: skip
HUGE = 2**63 - 1
COUNTS = st.one_of(st.integers(0, 50), st.sampled_from([2**53, 2**53 + 1, HUGE - 1, HUGE]))
SEQUENCES = st.one_of(st.integers(1, 3), st.sampled_from([999_999, 1_000_000, 1_000_001, HUGE]))
MONEY = st.one_of(
    st.integers(0, 10**6), st.integers(10**17, 10**18 - 1), st.sampled_from([0, 1, 10**18 - 1])
).map(lambda fen: Decimal(fen).scaleb(-2))


@st.composite
def record_tables(draw):
    """Tables of one to four enterprises; some have no row in some table, as plants do."""
    names = draw(st.lists(st.sampled_from(ENTERPRISES), min_size=1, max_size=4, unique=True))
    rows = _Rows(draw, names)
    product, process = st.sampled_from(PRODUCTS), st.sampled_from(PROCESSES)
    month = st.sampled_from(MONTHS)
    rows.of("processes", product_id=product, process_id=process, seq=SEQUENCES)
    listed = rows.found["processes"]
    if listed:
        rows.within("inspections", _inspection(st.sampled_from(listed)), most=25)
        _complete(rows, draw(st.sets(st.sampled_from(names))))
    rows.of("deliveries", product_id=product, period=month, units=COUNTS, nonconforming=COUNTS)
    for row in rows.found["deliveries"]:
        row["nonconforming"] = min(row["nonconforming"], row["units"])
    rows.of(
        "quality_costs",
        period=month,
        category=st.sampled_from((*INTERNAL_LOSSES, *EXTERNAL_LOSSES)),
        product_id=st.sampled_from(("", *PRODUCTS)),
        amount=MONEY,
    )
    rows.of("output_values", period=month, amount=MONEY.map(lambda money: money or Decimal("0.01")))
    rows.of(
        "assessments",
        item_id=st.sampled_from(ITEMS),
        level=st.integers(1, 5),
        assessed_on=st.sampled_from(DAYS),
        source=st.sampled_from(["self", "third_party"]),
    )
    rows.of(
        "declarations",
        statistic=st.sampled_from(["cpk", "internal_loss", "external_loss"]),
        from_period=month,
        tracked=st.booleans(),
    )
    _measured(rows, product)
    return rows.found


def _inspection(listed):
    def row(parts):
        process, lot, at, submitted, passed, submission = parts
        key = {name: process[name] for name in ("enterprise_id", "product_id", "process_id")}
        submitted = max(submitted, 1)
        counts = {"submitted": submitted, "passed": min(passed, submitted), "submission": submission}
        return {**key, "lot_id": lot, "inspected_at": at, **counts}

    lots, times = st.sampled_from("ABCD"), st.sampled_from(TIMES)
    return st.tuples(listed, lots, times, COUNTS, COUNTS, st.sampled_from([None, 1, 2, 3])).map(row)


def _complete(rows, names):
    """Inspect every listed process of these enterprises, so that they have a yield."""
    for process in rows.found["processes"]:
        if process["enterprise_id"] in names:
            key = {name: process[name] for name in ("enterprise_id", "product_id", "process_id")}
            counts = {"submitted": rows.draw(COUNTS) or 1, "passed": 1, "submission": 1}
            rows.found["inspections"].append({**key, "lot_id": "Z", "inspected_at": TIMES[4], **counts})


def _measured(rows, product):
    limit = st.sampled_from([-5.0, 0.0, 1e-300, 1e9, 1e300])
    rows.of(
        "characteristics",
        characteristic_id=st.sampled_from("ABC"),
        product_id=st.one_of(st.none(), product),
        usl=limit,
        key=st.one_of(st.none(), st.booleans()),
        most=5,
    )
    listed = rows.found["characteristics"]
    if listed:
        value = st.one_of(st.sampled_from([1.0, -1.0, 1e150]), st.floats(-9, 9))
        parts = st.tuples(st.sampled_from(listed), st.sampled_from(TIMES), st.integers(1, 9), value)
        rows.within(
            "measurements",
            parts.map(
                lambda found: {
                    **{name: found[0][name] for name in ("enterprise_id", "characteristic_id")},
                    "measured_at": found[1],
                    "subgroup_id": "s",
                    "piece": found[2],
                    "value": found[3],
                }
            ),
            most=25,
        )


class _Rows:
    """Rows by table, one for each key."""

    def __init__(self, draw, names):
        self.draw, self.names = draw, names
        self.found = {"enterprises": [{"enterprise_id": name} for name in names]}

    def of(self, table, most=20, **columns):
        row = st.fixed_dictionaries({"enterprise_id": st.sampled_from(self.names), **columns})
        self.within(table, row, most)

    def within(self, table, row, most):
        drawn = self.draw(st.lists(row, max_size=most))
        keys = TABLES[table].key
        blanks = {name: TABLES[table].column(name).blank for name in keys}

        def key(one):
            return tuple(blanks[name] if one.get(name) is None else one[name] for name in keys)

        self.found[table] = list({key(one): one for one in drawn}.values())


def arrow(rows):
    """The rows as Arrow tables of the schema's types: money and counts never pass through a float."""
    return {
        name: pa.Table.from_pylist(found, schema=TABLES[name].arrow) for name, found in rows.items() if found
    }


def frame_tables(rows):
    return FrameTables(arrow(rows))
