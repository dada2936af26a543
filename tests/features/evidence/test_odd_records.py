"""Records that an import allows and nobody expects: each gives evidence that the law of the file accepts."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from features.evidence import assessed_items, evidence_from_records, evidence_with_notes
from qm_rules import grade, parse_evidence
from tests.features.evidence.records import ENTERPRISES, HUGE, frame_tables

ONE = {"enterprise_id": "E"}


def document(as_of=None, enterprise="E", **tables):
    rows = {"enterprises": [{"enterprise_id": enterprise}]}
    for name, found in tables.items():
        rows[name] = [{"enterprise_id": enterprise, **row} for row in found]
    (found,) = evidence_with_notes(frame_tables(rows), as_of=as_of)
    grade(parse_evidence(found.document), notes=found.notes).to_dict()
    return found.document


def delivered(period, units=5, product="P", nonconforming=0):
    return {"period": period, "product_id": product, "units": units, "nonconforming": nonconforming}


def inspected(lot, submitted, passed, process="10", product="P", at=datetime(2025, 6, 30), submission=1):
    return {
        "product_id": product, "process_id": process, "lot_id": lot, "inspected_at": at,
        "submitted": submitted, "passed": passed, "submission": submission,
    }  # fmt: skip


def listed(*route, product="P"):
    return [{"product_id": product, "process_id": process, "seq": seq} for process, seq in route]


def test_counts_beyond_what_a_float_and_what_64_bits_hold_stay_exact():
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    found = document(
        deliveries=[delivered(month, HUGE, nonconforming=2**53 + 1) for month in months],
        inspections=[inspected(str(lot), HUGE, HUGE - lot) for lot in range(20)],
        processes=listed(("10", 1)),
    )
    assert found["deliveries"][0] == {
        "product_id": "P", "units": 12 * HUGE, "nonconforming": 12 * (2**53 + 1),
    }  # fmt: skip
    assert found["first_pass"][0]["submitted"] == 20 * HUGE
    assert found["first_pass"][0]["passed_first"] == 20 * HUGE - sum(range(20))


def test_equal_seq_in_two_products_is_not_parallel():
    rows = [inspected("L", 100, 50, product=name) for name in ("P", "Q")]
    found = document(inspections=rows, processes=listed(("10", 7)) + listed(("10", 7), product="Q"))
    assert [(row["product_id"], row["seq"]) for row in found["first_pass"]] == [("P", 7), ("Q", 7)]


def test_a_listed_place_never_meets_that_of_a_process_that_nobody_lists():
    rows = [inspected("L", 100, 50, process=name) for name in ("10", "x")]
    for seq in (999_999, 1_000_000, HUGE):
        found = document(inspections=rows, processes=listed(("10", seq)))["first_pass"]
        assert [row["process_id"] for row in found] == ["10", "x"]
        assert found[0]["seq"] == seq < found[1]["seq"]


def test_neighbouring_places_beyond_a_floats_reach_are_two_stages():
    rows = [inspected("L", 10, 5, process=name) for name in ("a", "b", "x")]
    found = document(inspections=rows, processes=listed(("a", 2**53), ("b", 2**53 + 1)))["first_pass"]
    assert [row["seq"] for row in found[:2]] == [2**53, 2**53 + 1]


@pytest.mark.parametrize("month", ["1000-01", "1000-11", "1970-01", "2999-12"])
def test_the_first_and_the_last_month_that_an_import_takes_have_a_window(month):
    found = document(deliveries=[delivered(month)])
    assert found["window"]["end"] == month
    assert document(as_of=month, deliveries=[delivered(month)]) == found


def test_a_window_before_the_plant_existed_supplies_nothing():
    found = document(
        "2020-12",
        deliveries=[delivered("2025-01")],
        inspections=[inspected("L", 9, 9)],
        processes=listed(("10", 1)),
        output_values=[{"period": "2025-01", "amount": Decimal(5)}],
        assessments=[
            {"item_id": "qms", "level": 3, "assessed_on": date(2025, 1, 1), "source": "self"},
        ],
    )
    assert found == {"enterprise_id": "E", "window": {"start": "2020-01", "end": "2020-12"}}


def test_a_window_in_the_middle_of_which_records_start_names_what_is_missing():
    found = document("2025-06", deliveries=[delivered("2025-05"), delivered("2025-06")])
    missing = ["2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12"]
    assert found["missing_months"] == {"deliveries": [*missing, "2025-01", "2025-02", "2025-03", "2025-04"]}
    assert grade(parse_evidence(found)).to_dict()["status"] == "incomplete"


def test_products_of_zero_units_are_deliveries_but_none_by_themselves():
    zero = [delivered("2025-01", 0, "Q"), delivered("2025-01", 0, "R")]
    assert "deliveries" not in document(deliveries=zero)
    found = document(deliveries=[*zero, delivered("2025-01")])
    assert [row["units"] for row in found["deliveries"]] == [5, 0, 0]


def test_costs_without_output_and_output_without_costs_have_no_rate():
    cost = {"period": "2025-01", "category": "scrap", "amount": Decimal("1.10")}
    output = {"period": "2025-01", "amount": Decimal("9.90")}
    costs = document(quality_costs=[cost])
    assert costs["losses"] == {"internal": {"tracked": True, "amounts": {"scrap": "1.10"}}}
    assert "output_value" not in costs
    only = document(output_values=[output])
    assert ("losses" in only, only["output_value"]) == (False, "9.90")
    apart = document(quality_costs=[cost], output_values=[{**output, "period": "2025-02"}])
    assert apart == {"enterprise_id": "E", "window": {"start": "2024-03", "end": "2025-02"}}


def test_a_re_submission_alone_is_no_first_pass():
    rows = [inspected("L", 9, 9, submission=2)]
    found = document(inspections=rows, processes=listed(("10", 1)), deliveries=[delivered("2025-06", 0)])
    assert "first_pass" not in found


@pytest.mark.parametrize("name", ENTERPRISES)
def test_an_id_is_itself_whatever_it_looks_like(name):
    rows = {"enterprises": [{"enterprise_id": one} for one in ENTERPRISES]}
    rows["deliveries"] = [
        {"enterprise_id": one, **delivered("2025-01", number + 1, one)}
        for number, one in enumerate(ENTERPRISES)
    ]
    (found,) = evidence_from_records(frame_tables(rows), [name])
    units = ENTERPRISES.index(name) + 1
    assert found["enterprise_id"] == name
    assert found["deliveries"] == [{"product_id": name, "units": units, "nonconforming": 0}]


@pytest.mark.parametrize(
    ("lsl", "usl", "values"),
    [
        (None, 1e300, [1.0, 2.0, 1.5]),
        (-1.7e308, 1.7e308, [1.0, 2.0, 1.5]),
        (None, 1e25, [1.0, 2.0, 1.5]),
        (0.0, 1.0, [1e308, -1e308]),
        (0.0, 1.0, [1e308, 1.7e308]),
        (0.0, 1e-320, [5e-324, 1e-323, 0.0]),
        (0.0, 1.0, [0.5]),
    ],
)
def test_measurements_at_the_ends_of_what_a_float_holds_have_evidence(lsl, usl, values):
    start = datetime(2025, 6, 30)
    rows = [
        {
            "characteristic_id": "C",
            "measured_at": start + timedelta(minutes=k),
            "value": values[k % len(values)],
        }
        for k in range(60)
    ]
    limits = {"characteristic_id": "C", "lsl": lsl, "usl": usl}
    (found,) = document(characteristics=[limits], measurements=rows)["capability"]
    assert (found["n"], found["key"]) == (60, False)


def test_nobody_asked_for_is_nobody_answered():
    tables = frame_tables({"enterprises": [ONE]})
    assert evidence_from_records(tables, []) == assessed_items(tables, []) == []
