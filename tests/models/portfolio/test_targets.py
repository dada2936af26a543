"""Newly added by hand: jumps, returns, unknown ones, and what is forecast."""

from dataclasses import replace

import pytest

from models.portfolio import Target, document_targets, progress
from models.portfolio.targets import plan_targets
from tests.models.portfolio.portfolios import Plant, portfolio, steady

WANTED = Target("t", "assurance", "2024-12", "2026-06", 3)


def plants():
    return [
        Plant("jump", 4, {**steady(1, until="2025-05"), **steady(4, "2025-06")}),
        Plant("early", 3, steady(3)),
        Plant("back", 3, {**steady(3, until="2024-03"), **steady(2, "2024-04")}),
        Plant("young", 3, {**steady(2, "2025-02", "2025-07"), **steady(3, "2025-08")}),
        Plant("climbs", 2, steady(2), {3: [1, 4, 8, 0]}),
        Plant("slow", 2, steady(2), {3: [0, 6, 7, 0]}, region="420100"),
        Plant("silent", 2, steady(2), forecast=False),
        Plant("no grade", 0, {}),
    ]


def test_newly_added_by_hand(tmp_path):
    found = progress(portfolio(tmp_path, plants()), WANTED, "grade")
    assert found.members == 8
    assert found.achieved == 1  # jump; `early` was there, `back` has returned
    assert (found.unknown, found.unknown_there) == (2, 1)  # young and no grade
    assert found.unforecast == 1
    assert dict(found.past)["2025-05"] == 0
    assert dict(found.past)["2025-06"] == 1
    # By June 2026, the sixth month: path 1 climbs; path 2 climbs and slow; path 3 and 4 nobody.
    assert found.then.tolist() == [2, 3, 1, 1]
    assert found.paths[:, -1].tolist() == [2, 3, 3, 1]
    assert found.expected == pytest.approx(7 / 4)
    assert found.probability == pytest.approx(1 / 4)
    assert found.range == (1, 3)


def test_a_jump_counts_at_every_level_passed(tmp_path):
    made = portfolio(tmp_path, plants())
    assert [progress(made, replace(WANTED, level_id=level), "grade").achieved for level in LEVELS] == [
        1,
        1,
        1,
        0,
    ]


LEVELS = ("inspection", "assurance", "prevention", "excellence")


def test_beyond_the_forecasts_the_probability_is_a_lower_bound(tmp_path):
    made = portfolio(tmp_path, plants(), months=12)
    near, far = (progress(made, replace(WANTED, by=by), "grade") for by in ("2026-12", "2027-12"))
    assert (near.beyond, far.beyond) == (False, True)
    assert far.probability == near.probability == pytest.approx(2 / 4)


def test_a_target_years_ahead_has_a_probability_of_its_own(tmp_path):
    rows = [Plant(f"p{i}", 2, steady(2), {3: [1, 13, 24, 25 + i]}) for i in range(3)]
    made = portfolio(tmp_path, rows)
    found = {by: progress(made, replace(WANTED, by=by), "grade") for by in BYS}
    assert [own.beyond for own in found.values()] == [False, False, False, True]
    assert [own.probability for own in found.values()] == pytest.approx([0.25, 0.75, 1.0, 1.0])
    # The twenty-fifth month is January 2028: one of three on the last path.
    assert progress(made, replace(WANTED, by="2028-01"), "grade").then.tolist() == [3, 3, 3, 1]


BYS = ("2026-12", "2027-12", "2028-12", "2029-12")


def test_a_target_of_the_past_is_met_or_not(tmp_path):
    made = portfolio(tmp_path, plants())
    late, early = (progress(made, replace(WANTED, by=by, count=1), "grade") for by in ("2025-06", "2025-05"))
    assert (late.decided, late.probability) == (True, 1.0)
    assert (early.decided, early.probability) == (True, 0.0)


def test_an_old_baseline_draws_ten_years_and_still_decides(tmp_path):
    old = replace(WANTED, baseline="1990-01", by="1995-01", count=1)
    found = progress(portfolio(tmp_path, [Plant("a", 1, steady(1))]), old, "grade")
    assert (found.decided, found.probability, len(found.past)) == (True, 0.0, 121)


def test_a_baseline_in_the_future_counts_from_there(tmp_path):
    later = replace(WANTED, baseline="2026-03", by="2026-12", count=1)
    found = progress(portfolio(tmp_path, plants()), later, "grade")
    assert found.achieved == 0
    # climbs in month 1 does not count; 4 and 8 do. slow: 6 and 7.
    assert found.then.tolist() == [0, 2, 2, 0]


def test_a_target_counts_its_group_alone(tmp_path):
    made = portfolio(tmp_path, plants())
    found = progress(made, replace(WANTED, region="42"), "grade")
    assert (found.members, found.achieved) == (1, 0)
    assert found.then.tolist() == [0, 1, 0, 0]
    nobody = progress(made, replace(WANTED, industry="13"), "grade")
    assert (nobody.members, nobody.probability) == (0, 0.0)


def test_who_ends_early_is_further_on_in_the_calendar(tmp_path):
    made = portfolio(
        tmp_path,
        [
            Plant("today", 1, steady(1)),
            Plant("late", 1, steady(1, until="2025-08"), {2: [4, 5]}, end="2025-09"),
        ],
        paths=2,
    )
    found = progress(made, Target("t", "inspection", "2024-01", "2026-12", 1), "grade")
    # Three months behind: month 4 of its paths is January 2026.
    assert found.paths[:, :2].tolist() == [[1, 1], [0, 1]]


def test_the_standard_is_counted_from_its_dates(tmp_path):
    rows = [Plant("a", standard_since="2024-05-01"), Plant("b", standard_since="2023-05-01"), Plant("c")]
    wanted = Target("t", "standard", "2023-12", "2027-12", 2)
    found = progress(portfolio(tmp_path, rows), wanted, "grade")
    assert (found.achieved, found.probability, found.shortfall) == (1, None, 1)


def test_the_documents_targets_are_the_editions():
    found = {(t.level_id, t.by): t.count for t in document_targets()}
    assert found["assurance", "2027-12"] == 1000
    assert found["excellence", "2027-12"] == 10
    assert found["inspection", "2025-12"] == 5000


def test_targets_of_the_records():
    row = {
        "plan_id": "P",
        "level_id": "excellence",
        "baseline_period": "2024-12",
        "by_period": "2026-12",
        "count": 2,
        "region_code": "33",
        "industry_code": "",
        "chain": "",
    }
    (found,) = plan_targets([row])
    assert (found.level, found.region, found.count, found.source) == (5, "33", 2, "records")
