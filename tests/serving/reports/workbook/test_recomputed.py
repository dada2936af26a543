"""LibreOffice computes the workbooks from their formulas alone and comes to what the exact rules say."""

import io
from itertools import product
from pathlib import Path

import openpyxl
import pytest
import yaml

from qm_rules import Policy, grade, load_pack, parse_evidence
from tests.serving.reports.workbook.cases import (
    AT_THRESHOLD,
    BASE,
    EDITS,
    JUST_BELOW,
    POLICY_EDITS,
    REFUSED,
    SPECIAL,
    TO_A_THRESHOLD,
    anyone,
    at,
    changed,
)
from tests.serving.reports.workbook.spreadsheet import edited, needs_libreoffice, recomputed, workbook_bytes

EXAMPLES = Path(__file__).parents[4] / "qm_rules" / "editions" / "miit-2023-249" / "examples"
INDICATORS = ("sigma", "cpk", "ftq", "internal_loss")
READINGS = Policy().readings(load_pack().policies)
SEEDS, MANY_SEEDS = range(4), range(4, 64)
STORED = (
    "specification",
    "below_4",
    "special_scattered_rows",
    "special_odd_ids",
    "special_fine_amounts",
    "special_forty_processes",
    "special_nothing_but_a_window",
    "seed_0",
    "seed_1",
)
"""Workbooks in which every single cell is compared."""

pytestmark = needs_libreoffice


def graded(document, policy=None):
    return grade(parse_evidence(document), policy=policy)


def issued_grades():
    """Name → grade of every workbook that is computed as it was issued; readings take turns."""
    for path in sorted(EXAMPLES.glob("*.yaml")):
        example = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield path.stem, graded(example["evidence"], Policy(**example.get("policy", {})))
    for level in AT_THRESHOLD:
        yield f"at_{level}", graded(at(AT_THRESHOLD[level]))
        yield f"below_{level}", graded(at(JUST_BELOW[level]))
    for position, (name, document) in enumerate(SPECIAL.items()):
        yield f"special_{name}", graded(document, READINGS[position % len(READINGS)])
    for seed in SEEDS:
        yield f"seed_{seed}", graded(anyone(seed), READINGS[-1 - seed])


ISSUED = dict(issued_grades())
CHANGED = {name: graded(changed(change)) for name, (_, change) in EDITS.items()} | {
    name: graded(BASE, Policy(**policy)) for name, (_, _, policy) in POLICY_EDITS.items()
}


@pytest.fixture(scope="module")
def files():
    """Every workbook as it is handed to the engine."""
    edits = {name: cells for name, (cells, _) in EDITS.items()}
    edits |= {name: {(cell, 0, 0): held} for name, (cell, held, _) in POLICY_EDITS.items()}
    edits["refused"] = {cell: held for cells in REFUSED.values() for cell, held in cells.items()}
    edits["to_a_threshold"] = TO_A_THRESHOLD
    changed_files = edited(workbook_bytes(graded(BASE)), edits.values())
    issued = {name: workbook_bytes(found) for name, found in ISSUED.items()}
    return issued | dict(zip(edits, changed_files, strict=True))


@pytest.fixture(scope="module")
def computed(files, tmp_path_factory):
    return recomputed(files, tmp_path_factory.mktemp("libreoffice"))


def says(book, found):
    """What the workbook says, in the shape of `expected`."""
    names = found.book.order
    return {
        "level": book("ZY_LEVEL"),
        "at_most": book("ZY_AT_MOST"),
        "status": book("ZY_STATUS"),
        "dimensions": {name: book(f"ZY_DIMENSION_{name.upper()}") for name in found.dimensions},
        "own": {name: book("zy_own_levels", position) for position, name in enumerate(names)},
        "statuses": {name: book(f"ZY_{name.upper()}_STATUS") for name in found.indicators},
        "binding": {name for i, name in enumerate(names) if book("zy_is_binding", i) == 1},
    }


def expected(found):
    return {
        "level": found.level,
        "at_most": found.at_most,
        "status": found.status,
        "dimensions": found.dimensions,
        "own": found.own,
        "statuses": {name: indicator.status for name, indicator in found.indicators.items()},
        "binding": set(found.binding),
    }


def check_readings(book, found, document):
    """The page of readings says what the rules say under each of them, in their order."""
    choices = (("printed", "formula"), ("tracked", "literal"), ("lowest", "lower_median", "performance_only"))
    for row, (sigma, loss, aggregation) in enumerate(product(*choices)):
        policy = {**found.book.policy, "sigma_method": sigma, "level2_loss": loss, "aggregation": aggregation}
        assert book("zy_readings", row) == graded(document, Policy(**policy)).at_most, policy


def check_values(book, found):
    for name, indicator in found.indicators.items():
        shown = book(f"ZY_{name.upper()}_VALUE")
        if indicator.value is None:
            assert shown is None, name
        else:
            assert shown == pytest.approx(float(indicator.value), rel=1e-10, abs=0), name
        exact = book(f"ZY_{name.upper()}_EXACT")
        assert exact in (indicator.exact, "见校核 see Check"), name


@pytest.mark.parametrize("name", ISSUED)
def test_a_workbook_as_issued_comes_to_the_grade_of_the_rules(name, computed):
    book, found = computed[name], ISSUED[name]
    assert says(book, found) == expected(found)
    check_values(book, found)
    check_readings(book, found, found.evidence.document)
    assert book("ZY_AGREES") == 1
    assert book("ZY_CHANGED") == 0
    assert book("ZY_FAULTS") == 0
    assert book("ZY_CHECK").startswith("一致 agree")


@pytest.mark.parametrize("name", STORED)
def test_what_is_stored_beside_a_formula_is_what_it_computes(name, files, computed):
    book = openpyxl.load_workbook(io.BytesIO(files[name]), data_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    found = {cell: computed[name].at(cell.parent.title, cell.row, cell.column) for cell in cells}
    assert len(cells) > 1000
    assert [cell for cell in cells if not same(cell.value, found[cell])] == []


def same(stored, computed):
    if isinstance(computed, int | float):
        return float(stored) == pytest.approx(float(computed), rel=1e-9, abs=1e-9)
    return stored == computed or (stored == "" and computed is None)


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_in_a_cell_changes_the_grade_as_the_rules_would(name, computed):
    book, found = computed[name], CHANGED[name]
    assert says(book, found) == expected(found)
    check_values(book, found)
    check_readings(book, found, found.evidence.document)
    assert book("ZY_CHANGED") > 0
    assert book("ZY_FAULTS") == (1 if name.endswith(("units_cleared", "passed_first_cleared")) else 0)
    assert "输入" in book("ZY_CHECK")  # it says that this is not what was issued


def test_the_changes_tried_do_change_grades():
    base = graded(BASE)
    same = [
        name
        for name, found in CHANGED.items()
        if found.indicators == base.indicators and expected(found) == expected(base)
    ]
    assert same == []


def test_a_change_to_a_threshold_is_left_to_the_rules(computed):
    book = computed["to_a_threshold"]
    assert (book("ZY_FTQ_LEVEL"), book("ZY_FTQ_CLOSE")) == (3, 1)
    assert book("ZY_CHECK").startswith("输入已改动")
    assert book("ZY_CHECK").endswith("only the rules can decide")


def test_what_the_rules_would_refuse_is_said_and_never_counted(computed):
    book = computed["refused"]
    assert book("ZY_FAULTS") == len(REFUSED)
    assert book("ZY_CHECK").startswith("输入有误")
    assert {name: book(f"ZY_{name.upper()}_STATUS") for name in INDICATORS} == dict.fromkeys(
        INDICATORS, "not_supplied"
    )


@pytest.mark.slow
def test_many_plants_under_every_reading(tmp_path):
    found = {f"seed_{seed}": graded(anyone(seed), READINGS[seed % len(READINGS)]) for seed in MANY_SEEDS}
    books = recomputed({name: workbook_bytes(one) for name, one in found.items()}, tmp_path)
    for name, one in found.items():
        assert says(books[name], one) == expected(one), name
        check_values(books[name], one)
        assert books[name]("ZY_AGREES") == 1
