"""Evidence from records, rule by rule of OFFICIAL_GRADE: each case is the fewest rows that show it."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from features.evidence import (
    NoRecordsError,
    UnknownEnterpriseError,
    evidence_from_records,
    evidence_with_notes,
)
from features.periods import PeriodError
from features.tables import FrameTables
from qm_rules import grade, parse_evidence

YEAR = [f"2025-{month:02d}" for month in range(1, 13)]


class Plant:
    """Rows by table, added a few at a time."""

    def __init__(self, *enterprises):
        self.rows = {"enterprises": [{"enterprise_id": key} for key in enterprises or ("E",)]}

    def add(self, table, *rows, enterprise="E"):
        self.rows.setdefault(table, []).extend({"enterprise_id": enterprise, **row} for row in rows)
        return self

    def every_month(self, table, months=YEAR, **row):
        return self.add(table, *({"period": month, **row} for month in months))

    def inspected(self, product, process, submitted, passed, when=(2025, 6, 3), submission=1):
        lot = f"L{len(self.rows.get('inspections', []))}"
        row = {"product_id": product, "process_id": process, "lot_id": lot, "inspected_at": datetime(*when)}
        return self.add(
            "inspections", row | {"submitted": submitted, "passed": passed, "submission": submission}
        )

    def listed(self, product, *route):
        rows = ({"product_id": product, "process_id": process, "seq": seq} for process, seq in route)
        return self.add("processes", *rows)

    def measured(self, name, numbers, when=(2025, 6, 1)):
        at = pd.Timestamp(*when) + pd.to_timedelta(np.arange(len(numbers)), unit="min")
        rows = (
            {"characteristic_id": name, "measured_at": t, "value": v}
            for t, v in zip(at, numbers, strict=True)
        )
        return self.add("measurements", *rows)

    def assessed(self, item, level, when, source="self"):
        row = {"item_id": item, "level": level, "assessed_on": date(*when), "source": source}
        return self.add("assessments", row)

    def tables(self):
        frames = {name: pd.DataFrame(rows) for name, rows in self.rows.items() if rows}
        for name in frames.keys() & {"quality_costs", "output_values"}:
            frames[name]["amount"] = frames[name]["amount"].astype(float)
        return FrameTables(frames)

    def evidence(self, as_of="2025-12"):
        (found,) = evidence_with_notes(self.tables(), ["E"], as_of)
        grade(parse_evidence(found.document), notes=found.notes)
        return found

    def document(self, as_of="2025-12"):
        return self.evidence(as_of).document


def test_an_enterprise_without_records_supplies_nothing():
    assert Plant().document() == {"enterprise_id": "E", "window": {"start": "2025-01", "end": "2025-12"}}


def test_deliveries_are_summed_by_product_over_the_window_only():
    plant = Plant().every_month("deliveries", product_id="B", units=10, nonconforming=1)
    plant.every_month("deliveries", ["2024-12", "2025-01"], product_id="A", units=5, nonconforming=5)
    assert plant.document()["deliveries"] == [
        {"product_id": "A", "units": 5, "nonconforming": 5},
        {"product_id": "B", "units": 120, "nonconforming": 12},
    ]


def test_nothing_delivered_supplies_no_deliveries():
    assert (
        "deliveries"
        not in Plant().every_month("deliveries", product_id="A", units=0, nonconforming=0).document()
    )


def test_missing_months_are_named_for_what_is_supplied():
    plant = Plant().every_month("deliveries", YEAR[2:], product_id="A", units=10, nonconforming=1)
    plant.every_month("output_values", YEAR[:11], amount=100)
    assert plant.document()["missing_months"] == {"deliveries": YEAR[:2], "output_value": YEAR[11:]}


def test_first_pass_sums_first_submissions_by_process():
    plant = Plant().listed("A", ("10", 1), ("20a", 2), ("20b", 2))
    for process in ("10", "20a", "20b"):
        plant.inspected("A", process, 100, 90).inspected("A", process, 10, 9, (2025, 7, 1))
        plant.inspected("A", process, 10, 10, submission=2).inspected("A", process, 7, 7, (2024, 12, 31))
    found = plant.document()
    assert found["first_pass"][1] == {
        "product_id": "A", "process_id": "20a", "seq": 2, "submitted": 110, "passed_first": 99,
    }  # fmt: skip
    assert [row["process_id"] for row in found["first_pass"]] == ["10", "20a", "20b"]


def test_a_listed_process_without_first_submission_leaves_the_yield_out_and_is_named():
    plant = Plant().listed("A", ("10", 1), ("20", 2)).inspected("A", "10", 9, 9)
    plant.inspected("A", "20", 9, 9, submission=2)
    found = plant.evidence()
    assert "first_pass" not in found.document
    assert found.notes == (
        {"code": "uninspected_process", "indicator": "ftq", "product_id": "A", "process_id": "20"},
    )
    answer = grade(parse_evidence(found.document), notes=found.notes).to_dict()
    assert answer["indicators"]["ftq"]["status"] == "not_supplied"
    assert answer["notes"][0]["process_id"] == "20"


def test_a_product_that_was_not_made_in_the_window_lacks_nothing():
    plant = Plant().listed("A", ("10", 1)).listed("old", ("10", 1), ("20", 2)).inspected("A", "10", 9, 9)
    plant.inspected("old", "10", 9, 9, (2023, 6, 1))
    plant.every_month("deliveries", product_id="old", units=0, nonconforming=0)
    assert plant.evidence().notes == ()
    assert len(plant.document()["first_pass"]) == 1


def test_a_product_that_was_delivered_was_made():
    plant = Plant().listed("A", ("10", 1)).listed("old", ("10", 1)).inspected("A", "10", 9, 9)
    plant.every_month("deliveries", product_id="old", units=1, nonconforming=0)
    assert [note["product_id"] for note in plant.evidence().notes] == ["old"]


def test_an_inspected_process_that_is_not_listed_stands_alone_at_the_end():
    plant = Plant().listed("A", ("10", 3)).inspected("A", "10", 9, 9)
    plant.inspected("A", "x", 8, 4).inspected("A", "y", 8, 4)
    rows = plant.document()["first_pass"]
    assert [row["process_id"] for row in rows] == ["10", "x", "y"]
    assert len({row["seq"] for row in rows}) == 3


def losses(plant):
    found = plant.document()
    return found.get("losses"), found.get("output_value")


def test_losses_and_output_are_summed_over_the_months_that_have_both():
    plant = Plant().every_month("output_values", YEAR[:10], amount=100.25)
    plant.every_month("quality_costs", YEAR[2:], category="scrap", amount=1.1)
    plant.every_month("quality_costs", YEAR[2:4], category="scrap", amount=0.05, product_id="A")
    internal = {"tracked": True, "amounts": {"scrap": "8.90"}}
    assert losses(plant) == ({"internal": internal}, "802.00")
    assert plant.document()["missing_months"] == {"output_value": YEAR[10:], "internal": YEAR[:2]}


def test_one_output_value_serves_both_families_so_the_months_are_common():
    plant = Plant().every_month("output_values", amount=100)
    plant.every_month("quality_costs", YEAR[:6], category="scrap", amount=1)
    plant.every_month("quality_costs", YEAR[3:], category="claims", amount=2)
    found, output = losses(plant)
    assert found["internal"]["amounts"] == {"scrap": "3.00"}
    assert found["external"]["amounts"] == {"claims": "6.00"}
    assert output == "300.00"


def test_families_without_a_common_month_cannot_both_be_graded():
    plant = Plant().every_month("output_values", amount=100)
    plant.every_month("quality_costs", YEAR[:5], category="scrap", amount=1)
    plant.every_month("quality_costs", YEAR[5:], category="claims", amount=2)
    found, output = losses(plant)
    assert found == {"external": {"tracked": True, "amounts": {"claims": "14.00"}}}
    assert output == "700.00"


def test_losses_without_any_output_stay_losses():
    found, output = losses(Plant().every_month("quality_costs", category="claims", amount=0))
    assert found == {"external": {"tracked": True, "amounts": {"claims": "0.00"}}}
    assert output is None


def declared(plant, statistic, *states):
    rows = ({"statistic": statistic, "from_period": period, "tracked": tracked} for period, tracked in states)
    return plant.add("declarations", *rows)


def test_a_declaration_counts_only_where_there_is_no_month_at_all():
    plant = declared(Plant(), "internal_loss", ("2024-01", False))
    declared(plant, "external_loss", ("2024-01", False))
    declared(plant, "cpk", ("2024-01", False))
    plant.every_month("output_values", amount=100).every_month(
        "quality_costs", ["2025-03"], category="returns", amount=1
    )
    found = plant.document()
    assert found["losses"]["internal"] == {"tracked": False}
    assert found["losses"]["external"]["tracked"] is True
    assert found["capability"] == []


@pytest.mark.parametrize(
    ("states", "untracked"),
    [
        ([("2026-01", False)], False),
        ([("2025-12", False)], True),
        ([("2023-01", False), ("2025-05", True)], False),
        ([("2025-05", False), ("2023-01", True)], True),
        ([], False),
    ],
)
def test_the_latest_declaration_in_force_speaks(states, untracked):
    found = declared(Plant(), "internal_loss", *states).document()
    assert (found.get("losses") == {"internal": {"tracked": False}}) is untracked


STEADY = list(np.random.default_rng(0).normal(10, 1, 60))


def test_capability_is_graded_over_the_measurements_of_the_window():
    plant = Plant().add("characteristics", {"characteristic_id": "C", "lsl": 4, "usl": 16, "key": True})
    plant.measured("C", [1e6] * 30, (2024, 12, 1)).measured("C", STEADY).measured("C", [-1e6], (2026, 1, 1))
    (row,) = plant.document()["capability"]
    x = np.array(STEADY)
    sigma = np.abs(np.diff(x)).mean() * np.sqrt(np.pi) / 2
    expected = min(16 - x.mean(), x.mean() - 4) / (3 * sigma)
    assert row == {"characteristic_id": "C", "key": True, "cpk": row["cpk"], "n": 60, "stable": True}
    assert 0 <= expected - float(row["cpk"]) < 1e-6


def test_an_unstable_characteristic_says_so():
    plant = Plant().add("characteristics", {"characteristic_id": "C", "usl": 16})
    (row,) = plant.measured("C", np.array(STEADY) + np.linspace(0, 5, 60)).document()["capability"]
    assert (row["stable"], row["key"]) == (False, False)


def test_a_characteristic_without_values_has_no_cpk():
    plant = Plant().add(
        "characteristics", *({"characteristic_id": name, "usl": 16, "key": True} for name in "AB")
    )
    rows = plant.measured("A", STEADY).document()["capability"]
    assert [row["cpk"] is None for row in rows] == [False, True]
    answer = grade(parse_evidence(plant.document())).to_dict()
    assert answer["indicators"]["cpk"]["status"] == "not_tracked"


def test_no_measurement_at_all_is_not_supplied():
    plant = Plant().add("characteristics", {"characteristic_id": "C", "usl": 16})
    assert "capability" not in plant.document()


def test_a_characteristic_of_a_product_not_made_is_left_out():
    rows = ({"characteristic_id": name, "usl": 16, "product_id": name} for name in "AB")
    plant = Plant().add("characteristics", *rows).inspected("A", "10", 9, 9).measured("A", STEADY)
    assert [row["characteristic_id"] for row in plant.document()["capability"]] == ["A"]


def test_the_latest_assessment_counts_and_of_one_day_the_third_partys():
    plant = (
        Plant()
        .assessed("qms", 5, (2024, 1, 1))
        .assessed("qms", 2, (2025, 12, 31))
        .assessed("qms", 5, (2026, 1, 1))
    )
    plant.assessed("data", 5, (2025, 1, 1)).assessed("data", 3, (2025, 1, 1), "third_party")
    assert plant.document()["management"] == {"data": 3, "qms": 2}


@pytest.mark.parametrize(("day", "counts"), [((2022, 12, 30), False), ((2022, 12, 31), True)])
def test_no_assessment_older_than_36_months_counts(day, counts):
    assert ("management" in Plant().assessed("qms", 4, day).document()) is counts


def test_a_policy_may_let_assessments_grow_older():
    plant = Plant().assessed("qms", 4, (2020, 1, 1))
    (found,) = evidence_from_records(plant.tables(), as_of="2025-12", policy={"assessment_months": "72"})
    assert found["management"] == {"qms": 4}


def end_of(plant, enterprise="E"):
    found = {row["enterprise_id"]: row["window"]["end"] for row in evidence_from_records(plant.tables())}
    return found[enterprise]


def test_a_month_with_a_statement_is_complete():
    assert end_of(Plant().every_month("output_values", YEAR[:7], amount=1)) == "2025-07"


def test_a_month_is_complete_when_its_last_day_or_a_later_month_has_a_record():
    assert (
        end_of(Plant().inspected("A", "1", 9, 9, (2025, 4, 30, 23)).inspected("A", "1", 9, 9, (2025, 2, 3)))
        == "2025-04"
    )
    assert (
        end_of(Plant().inspected("A", "1", 9, 9, (2025, 4, 29)).inspected("A", "1", 9, 9, (2025, 2, 3)))
        == "2025-02"
    )


def test_each_enterprise_has_its_own_window_and_one_without_records_the_latest():
    plant = Plant("E", "F", "G").every_month("output_values", YEAR[:7], amount=1)
    plant.add("output_values", {"period": "2024-05", "amount": 1}, enterprise="F")
    plant.add("output_values", {"period": "2024-04", "amount": 2}, enterprise="F")
    found = evidence_from_records(plant.tables())
    assert [row["window"]["end"] for row in found] == ["2025-07", "2024-05", "2025-07"]
    assert [row.get("output_value") for row in found] == ["7.00", "3.00", None]


def test_what_cannot_be_answered_is_refused_with_a_hint():
    tables = Plant("E001", "E002", "X9").tables()
    with pytest.raises(UnknownEnterpriseError, match=r"found 'E01'.*nearest of 3: E00"):
        evidence_from_records(tables, ["E01"])
    with pytest.raises(NoRecordsError, match="give a month"):
        evidence_from_records(tables)
    with pytest.raises(PeriodError):
        evidence_from_records(tables, as_of="2025-W03")
    assert evidence_from_records(FrameTables({})) == []


def test_evidence_of_one_is_its_evidence_among_all(plants):
    tables = FrameTables(plants)
    everything = evidence_from_records(tables)
    for one in everything:
        assert evidence_from_records(tables, [one["enterprise_id"]]) == [one]
        assert grade(parse_evidence(one)).level is None or one["management"]
