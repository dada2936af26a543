"""Bad input in text: a message that says where and what to do, exit status 2, and a store as it was."""

import pytest

from tests.features.store.refusals import HEAD, refused

GOOD = "A,p1,turn,77,2026-03-01,10,9\n"
COSTS = "enterprise_id,period,category,amount\n"

TEXTS = {
    "a missing column": (
        "inspections.csv",
        HEAD.replace(",passed", "") + "A,p1,turn,77,2026-03-01,10\n",
        (1, "passed", "no such column", "合格数"),
    ),
    "a letter in a number": (
        "inspections.csv",
        HEAD + GOOD + "A,p1,turn,78,2026-03-01,1O,9\n",
        (3, "submitted", "'1O'", "a whole number"),
    ),
    "a fraction of a piece": (
        "inspections.csv",
        HEAD + "A,p1,turn,78,2026-03-01,10.5,9\n",
        (2, "submitted", "'10.5'", "a whole number"),
    ),
    "a thirteenth month": (
        "quality_costs.csv",
        COSTS + "A,2025-13,scrap,1\n",
        (2, "period", "'2025-13'", "YYYY-MM"),
    ),
    "a day that is none": (
        "inspections.csv",
        HEAD + "A,p1,turn,78,2026-02-30,10,9\n",
        (2, "inspected_at", "'2026-02-30'", "ISO 8601"),
    ),
    "more passed than submitted": (
        "inspections.csv",
        HEAD + GOOD + "A,p1,turn,78,2026-03-01,10,11\n",
        (3, "passed", "'11'", "at most `submitted`"),
    ),
    "three decimals of money": (
        "quality_costs.csv",
        COSTS + "A,2025-12,scrap,1.005\n",
        (2, "amount", "'1.005'", "two decimal"),
    ),
    "an amount with separators": (
        "quality_costs.csv",
        COSTS + 'A,2025-12,scrap,"1,000"\n',
        (2, "amount", "'1,000'", "two decimal"),
    ),
    "a negative loss": (
        "quality_costs.csv",
        COSTS + "A,2025-12,scrap,-1\n",
        (2, "amount", "'-1'", "at least 0"),
    ),
    "an unknown category": (
        "quality_costs.csv",
        COSTS + "A,2025-12,scraps,1\n",
        (2, "category", "'scraps'", "scrap, "),
    ),
    "no number": (
        "measurements.csv",
        "enterprise_id,characteristic_id,measured_at,value\nA,d,2026-01-01,nan\n",
        (2, "value", "'nan'", "a number"),
    ),
    "infinity by overflow": (
        "measurements.csv",
        "enterprise_id,characteristic_id,measured_at,value\nA,d,2026-01-01,1e999\n",
        (2, "value", "'1e999'", "a number"),
    ),
    "a blank that is required": (
        "inspections.csv",
        HEAD + "A,p1,turn,,2026-03-01,10,9\n",
        (2, "lot_id", "nothing", "text of 1 to 200"),
    ),
    "an id too long": (
        "enterprises.csv",
        f"enterprise_id\n{'x' * 201}\n",
        (2, "enterprise_id", "xxx", "1 to 200"),
    ),
    "a wrong check digit": (
        "enterprises.csv",
        "enterprise_id,uscc\nC,91350100M000100Y44\n",
        (2, "uscc", "'91350100M000100Y44'", "check digit"),
    ),
    "an unknown parent": (
        "inspections.csv",
        HEAD + "Z,p1,turn,78,2026-03-01,10,9\n",
        (2, "process_id", "'turn' of 'Z', 'p1'", "stands in processes"),
    ),
    "an unknown column": (
        "enterprises.csv",
        "enterprise_id,nmae\nC,x\n",
        (1, "nmae", "unknown column", "perhaps name"),
    ),
    "a column twice": ("enterprises.csv", "enterprise_id,name,名称\nC,x,y\n", (1, "name", "twice", "once")),
    "semicolons": ("enterprises.csv", "enterprise_id;name\nC;x\n", (1, None, "one single column", "commas")),
    "a row too short": ("inspections.csv", HEAD + GOOD + "A,p1\n", (3, None, "fewer cells", "as many cells")),
    "a row too long": (
        "inspections.csv",
        HEAD + GOOD.replace("\n", ",1,2\n"),
        (2, None, "more cells", "as many cells"),
    ),
    "an open quote": ("enterprises.csv", 'enterprise_id,name\nC,"x\nD,y\n', (2, None, "quote", "pairs")),
    "an open quote in the header": (
        "enterprises.csv",
        'enterprise_id,"name\nC,x\n',
        (1, None, "header", "quotes"),
    ),
    "an empty file": ("enterprises.csv", "", (None, None, "an empty file", "zhuoyue template")),
    "a blank header": ("enterprises.csv", "\n\n", (1, None, "no header", "enterprise_id")),
    "a NUL byte": ("enterprises.csv", "enterprise_id,name\nC,x\0\n", (2, None, "NUL", "save the file again")),
    "a file of another table": (
        "products.csv",
        COSTS + "A,2025-12,scrap,1\n",
        (1, None, "table quality_costs", "name the file or sheet quality_costs"),
    ),
    "an unknown name": (
        "inspection.csv",
        HEAD + GOOD,
        (None, None, "no table by its name", "perhaps inspections"),
    ),
    "tabs in a text file": ("inspections.txt", HEAD + GOOD, (None, None, "no table by its name", "NAME.csv")),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(filled, tmp_path, case):
    name, text, (row, column, found, allowed) = TEXTS[case]
    path = tmp_path / name
    path.write_text(text, "utf-8", newline="")
    error = refused(filled, path)
    fault = error.faults[0]
    assert error.total == 1, error
    assert (fault.row, fault.column) == (row, column), fault
    assert found in fault.found
    assert allowed in fault.allowed
    assert str(path) in str(error)
