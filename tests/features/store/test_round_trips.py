"""Any records, in any form: the same rows come out, and bringing them twice changes nothing."""

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.settings import Settings
from features.store import Store

PRINTABLE = st.characters(
    codec="gb18030", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Co", "Cn")
)
IDS = st.text(PRINTABLE, min_size=1, max_size=8).filter(lambda text: not text.startswith("="))
TEXTS = (
    st.text(PRINTABLE | st.sampled_from(',"\n;'), max_size=12)
    .map(str.strip)
    .filter(lambda text: not text.startswith("="))
)
TIMES = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)
MONEY = st.decimals(Decimal("0.01"), Decimal("999999999999.99"), places=2)
FORMS = st.sampled_from(["csv", "csv.gz", "parquet", "text.parquet", "xlsx"])


@given(
    names=st.dictionaries(IDS, TEXTS, min_size=1, max_size=4),
    amounts=st.dictionaries(st.integers(0, 200), MONEY, max_size=6),
    values=st.dictionaries(st.tuples(TIMES, st.integers(1, 9)), NUMBERS, max_size=6),
    forms=st.tuples(FORMS, FORMS),
    languages=st.tuples(st.sampled_from(["en", "zh"]), st.sampled_from(["en", "zh"])),
    encodings=st.tuples(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.just("utf-8")),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip(write, names, amounts, values, forms, languages, encodings):
    owner = next(iter(names))
    rows = {
        "enterprises": [{"enterprise_id": key, "name": name} for key, name in names.items()],
        "characteristics": [{"enterprise_id": owner, "characteristic_id": "c", "lsl": "0"}],
        "output_values": [
            {
                "enterprise_id": owner,
                "period": f"{2000 + month // 12}-{month % 12 + 1:02d}",
                "amount": str(amount),
            }
            for month, amount in amounts.items()
        ],
        "measurements": [
            {
                "enterprise_id": owner,
                "characteristic_id": "c",
                "measured_at": at.isoformat(),
                "piece": str(piece),
                "value": repr(value),
            }
            for (at, piece), value in values.items()
        ],
    }
    with tempfile.TemporaryDirectory() as name, Store.open(Settings(home=Path(name) / "home")) as store:
        fingerprints = set()
        for turn in range(2):
            folder = write(Path(name) / f"in{turn}", rows, forms[turn], languages[turn], encodings[turn])
            report = store.import_paths([folder])
            fingerprints.add(store.fingerprint())
        assert len(fingerprints) == 1
        assert {row.new + row.conflict for row in report.tables} == {0}
        assert got(store, "enterprises", "name") == {key: name or None for key, name in names.items()}
        assert list(got(store, "output_values", "amount", "period").values()) == [
            amounts[month] for month in sorted(amounts)
        ]
        found = store.table("measurements").collect("pyarrow").to_arrow().to_pylist()
        assert {(row["measured_at"], row["piece"]): row["value"] for row in found} == values


def got(store, table, value, key="enterprise_id"):
    found = store.table(table).sort(key).collect("pyarrow").to_arrow().to_pylist()
    return {row[key]: row[value] for row in found}
