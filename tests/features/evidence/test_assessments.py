"""Both assessments of a management item, and which counts: the day limits, the third party, why not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.evidence import Standing, assessed_items, evidence_with_notes
from features.periods import PeriodError
from features.records.schema import ITEMS
from tests.features.evidence import oracle
from tests.features.evidence.records import frame_tables

DAY = date(2025, 6, 1)


def tables_with(*rows):
    named = [{"enterprise_id": "E", "item_id": "qms", "source": "self", "level": 3, **row} for row in rows]
    return frame_tables({"enterprises": [{"enterprise_id": "E"}], "assessments": named})


def item(*rows, as_of="2025-12", policy=None):
    found = assessed_items(tables_with(*rows), ["E"], as_of, policy)
    assert [one.item_id for one in found] == list(ITEMS)
    return found[0]


def test_an_item_that_nobody_assessed_is_shown_as_such():
    found = item()
    assert (found.self, found.third_party, found.counted, found.level, found.history) == (None,) * 4 + ((),)


def test_both_are_shown_with_who_and_what_for():
    found = item(
        {"assessed_on": DAY, "assessor": "质量部", "evidence": "https://dms/17", "note": "内审"},
        {"assessed_on": DAY - timedelta(days=9), "source": "third_party", "assessor": "CQC", "level": 2},
    )
    assert found.self == (3, DAY, "质量部", "https://dms/17", "内审", "self", Standing.COUNTED)
    assert (found.third_party.assessor, found.third_party.level) == ("CQC", 2)
    assert found.third_party.standing is Standing.SUPERSEDED
    assert (found.counted, found.level) == ("self", 3)


def test_of_one_day_the_third_partys_counts():
    found = item({"assessed_on": DAY, "level": 5}, {"assessed_on": DAY, "level": 2, "source": "third_party"})
    assert (found.counted, found.level) == ("third_party", 2)
    assert found.self.standing is Standing.SAME_DAY


def test_too_old_and_too_late_are_shown_and_do_not_count():
    found = item(
        {"assessed_on": date(2022, 12, 30), "source": "third_party"},
        {"assessed_on": date(2026, 1, 1), "level": 5},
        {"assessed_on": date(2026, 2, 1), "level": 4},
    )
    assert (found.counted, found.level) == (None, None)
    assert found.third_party.standing is Standing.TOO_OLD
    assert (found.self.standing, found.self.assessed_on) == (Standing.AFTER_WINDOW, date(2026, 1, 1))
    assert [one.level for one in found.history] == [4, 5, 3]


def test_the_latest_in_the_window_is_shown_before_any_after_it():
    found = item({"assessed_on": DAY}, {"assessed_on": date(2026, 1, 1), "level": 5})
    assert (found.self.level, found.self.standing) == (3, Standing.COUNTED)


@pytest.mark.parametrize(
    ("as_of", "first", "months"),
    [
        ("2025-12", date(2022, 12, 31), 36),
        ("2024-02", date(2021, 2, 28), 36),
        ("2027-02", date(2024, 2, 28), 36),
        ("2028-02", date(2024, 2, 29), 48),
        ("2025-04", date(2022, 4, 30), 36),
        ("2025-03", date(2025, 2, 28), 1),
    ],
)
def test_the_oldest_day_that_counts_knows_leap_years_and_month_ends(as_of, first, months):
    policy = {"assessment_months": str(months)}
    assert item({"assessed_on": first}, as_of=as_of, policy=policy).counted == "self"
    before = item({"assessed_on": first - timedelta(days=1)}, as_of=as_of, policy=policy)
    assert before.self.standing is Standing.TOO_OLD


def test_a_month_that_is_none_is_refused():
    for as_of in ("2025-13", "2025-W03", "0001-01", "9999-12", "3000-01", "now"):
        with pytest.raises(PeriodError, match="found"):
            assessed_items(tables_with(), as_of=as_of)


days = st.dates(date(2021, 1, 1), date(2026, 12, 31))
assessments = st.builds(
    lambda item_id, source, day, level: {
        "enterprise_id": "E", "item_id": item_id, "source": source, "assessed_on": day, "level": level,
    },
    st.sampled_from(["qms", "data"]), st.sampled_from(["self", "third_party"]), days, st.integers(1, 5),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(assessments, max_size=12, unique_by=lambda row: (*row.values(),)[:4]), st.integers(1, 12))
def test_what_is_shown_as_counted_is_what_is_graded(rows, month):
    tables = frame_tables({"enterprises": [{"enterprise_id": "E"}], "assessments": rows})
    as_of = f"2025-{month:02d}"
    found = assessed_items(tables, as_of=as_of)
    levels = {one.item_id: one.level for one in found if one.level is not None}
    (evidence,) = evidence_with_notes(tables, as_of=as_of)
    assert (
        levels
        == evidence.document.get("management", {})
        == oracle.management({"assessments": rows}, "E", as_of)
    )
    for one in found:
        counted = [each for each in one.history if each.standing is Standing.COUNTED]
        assert [each.source for each in counted] == ([one.counted] if one.counted else [])
        assert len(one.history) == sum(row["item_id"] == one.item_id for row in rows)
        assert {one.self, one.third_party} - {None} <= set(one.history)
