"""Evidences to fill workbooks with, and changes that an assessor may make in one."""

import copy
import random

from tests.qm_rules.evidences import capable, delivered, excellent, first_passed, lost

ODD_IDS = [
    "P1",
    "p1",
    "1",
    "01",
    "P*",
    "?",
    "~P",
    ">3",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "真空泵",
    "<r>b</r>",
    "a\nb",
]
"""Ids that SUMIFS, MATCH or a careless writer would take for a pattern, a number, a formula or markup."""

AT_THRESHOLD = {
    2: ((668, 10_000), "1", (9, 10), "30000", "23000"),
    3: ((62, 10_000), "1.33", (95, 100), "29999.99", "22999.99"),
    4: ((23, 100_000), "1.67", (97, 100), "14999.99", "9999.99"),
    5: ((17, 5_000_000), "2.00", (98, 100), "7499.99", "4999.99"),
}
"""By level: the least good σ counts, Cpk, first passes and losses of an output of 1 000 000 that reach it."""

JUST_BELOW = {
    2: ((66_801, 1_000_000), "0.999999", (899_999, 1_000_000), "30000", "23000"),
    3: ((6_201, 1_000_000), "1.329999", (949_999, 1_000_000), "30000.00", "23000.00"),
    4: ((231, 1_000_000), "1.669999", (969_999, 1_000_000), "15000.00", "10000"),
    5: ((35, 10_000_000), "1.999999", (979_999, 1_000_000), "7500", "5000.000"),
}


def at(case):
    """Return an evidence of five indicators, all else excellent."""
    counts, cpk, passed, internal, external = case
    return excellent(
        deliveries=delivered(*counts),
        first_pass=first_passed(*passed),
        capability=[capable(cpk)],
        losses=lost(internal, external),
        output_value="1000000.00",
    )


def stage(product, process, seq, submitted, passed):
    return {
        "product_id": product,
        "process_id": process,
        "seq": seq,
        "submitted": submitted,
        "passed_first": passed,
    }


def chain(rates, submitted=1_000_000):
    """Return the first passes of one product whose stages pass these millionths."""
    return [stage("P1", str(seq), seq, submitted, passed) for seq, passed in enumerate(rates, 1)]


SPECIAL = {
    "forty_processes": excellent(first_pass=chain([999_400 + 7 * i for i in range(40)])),
    "threshold_by_several_stages": excellent(first_pass=chain([975_000, 1_000_000, 974_359, 999_999])),
    "threshold_of_two_products": excellent(
        first_pass=[
            stage("A", "1", 1, 300_000, 285_000),
            stage("B", "1", 7, 700_001, 700_000),
            stage("B", "2", 9, 700_000, 665_000),
        ]
    ),
    "exactly_95_by_two_stages": excellent(
        first_pass=[stage("A", "1", 1, 39, 38), stage("A", "2", 2, 40, 39)]
    ),
    "scattered_rows": excellent(
        first_pass=[
            stage("p", "1", 2, 1000, 990),
            stage("P", "1", 1, 500, 480),
            stage("p", "2", 1, 900, 899),
            stage("P", "2", 1, 300, 297),
            stage("p", "3", 2, 100, 97),
            stage("P*", "1", 0, 7, 7),
        ]
    ),
    "odd_ids": excellent(
        deliveries=[
            {"product_id": name, "units": 1000 + i, "nonconforming": i % 3} for i, name in enumerate(ODD_IDS)
        ],
        first_pass=[
            stage(name, other, i % 2, 1000 + i, 990 + i) for i, name in enumerate(ODD_IDS) for other in "ab"
        ],
        capability=[capable("1.5", name=name) for name in ODD_IDS],
    ),
    "nothing_but_a_window": excellent(
        **dict.fromkeys(
            ("deliveries", "first_pass", "capability", "losses", "output_value", "management"), ...
        )
    ),
    "no_characteristic": excellent(capability=[]),
    "negative_cpk": excellent(capability=[capable("-0.5"), capable("3", name="C2")]),
    "fine_amounts": excellent(losses=lost("7500.004", "0.000001"), output_value="1000000.55"),
    "literal_hole": at((*AT_THRESHOLD[2][:3], "20000", "10000")),
}


def anyone(seed):
    """Return an evidence as plants have them: several products, parallel processes, gaps here and there."""
    rng = random.Random(seed)
    products = rng.sample(ODD_IDS, rng.randint(1, 4))
    rows = [
        stage(
            product, str(process), rng.randint(1, 3), submitted, submitted - rng.randint(0, submitted // 60)
        )
        for product in products
        for process, submitted in enumerate(rng.sample(range(60, 90_000), rng.randint(1, 4)))
    ]
    rng.shuffle(rows)
    document = excellent(
        deliveries=[
            {"product_id": product, "units": rng.randint(1, 10**6), "nonconforming": 0}
            for product in products
        ],
        first_pass=rows,
        capability=[_characteristic(rng, i) for i in range(rng.randint(0, 4))],
        losses=lost(f"{rng.randint(0, 40_000)}.{rng.randint(0, 99):02d}", str(rng.randint(0, 30_000))),
        management={item: rng.randint(1, 5) for item in excellent()["management"] if rng.random() < 0.99},
        output_value="1000000.00",
    )
    for row in document["deliveries"]:
        row["nonconforming"] = rng.randint(0, max(1, row["units"] // rng.choice([20, 500, 10_000])))
    if rng.random() < 0.3:
        document["losses"][rng.choice(["internal", "external"])] = {"tracked": False}
    if rng.random() < 0.3:
        document["missing_months"] = {"internal": ["2025-02"], "output_value": ["2025-02", "2025-07"]}
    for key in ("deliveries", "first_pass", "capability", "losses", "output_value"):
        if rng.random() < 0.08:
            del document[key]
    return document


def _characteristic(rng, number):
    cpk = None if rng.random() < 0.05 else f"{rng.uniform(0.8, 2.4):.{rng.randint(1, 6)}f}"
    return capable(
        cpk, rng.randint(20, 300), stable=rng.random() < 0.9, key=rng.random() < 0.5, name=f"C{number}"
    )


BASE = {
    "enterprise_id": "E1",
    "window": {"start": "2025-01", "end": "2025-12"},
    "deliveries": [
        {"product_id": "P1", "units": 600_000, "nonconforming": 151},
        {"product_id": "P2", "units": 400_000, "nonconforming": 80},
    ],
    "first_pass": [
        stage("P1", "10", 1, 51_000, 50_900),
        stage("P1", "20", 2, 50_000, 49_900),
        stage("P2", "10", 1, 9_000, 8_990),
    ],
    "capability": [capable("1.72", 125), capable("1.40", 300, key=False, name="C2")],
    "losses": lost("120000.00", "30000.00"),
    "output_value": "98000000.00",
    "management": {**excellent()["management"], "data": 4, "qms": 2},
}


def changed(change):
    """Return the base evidence after a change made to a copy of it."""
    document = copy.deepcopy(BASE)
    change(document)
    return document


def _set(*path_and_value):
    *path, last, value = path_and_value

    def change(document):
        for key in path:
            document = document[key]
        document[last] = value

    return change


def _drop(*path):
    *way, last = path

    def change(document):
        for key in way:
            document = document[key]
        del document[last]

    return change


def _append(key, row):
    return lambda document: document[key].append(row)


def _unmark(document):
    document["capability"][0]["key"] = False


EDITS = {
    "more_nonconforming": (
        {("zy_deliveries_nonconforming", 1, 0): 7000},
        _set("deliveries", 1, "nonconforming", 7000),
    ),
    "units_cleared": ({("zy_deliveries_units", 0, 0): None}, _drop("deliveries")),
    "product_added": (
        {
            ("zy_deliveries_product_id", 2, 0): "p1",
            ("zy_deliveries_units", 2, 0): 10_000,
            ("zy_deliveries_nonconforming", 2, 0): 9_000,
        },
        _append("deliveries", {"product_id": "p1", "units": 10_000, "nonconforming": 9_000}),
    ),
    "no_longer_stable": ({("zy_capability_stable", 0, 0): False}, _set("capability", 0, "stable", False)),
    "no_longer_key": ({("zy_capability_key", 0, 0): None}, _unmark),
    "other_one_key": ({("zy_capability_key", 1, 0): True}, _set("capability", 1, "key", True)),
    "cpk_cleared": ({("zy_capability_cpk", 0, 0): None}, _set("capability", 0, "cpk", None)),
    "too_few_values": ({("zy_capability_n", 0, 0): 24}, _set("capability", 0, "n", 24)),
    "losses_not_tracked": (
        {("ZY_INTERNAL_TRACKED", 0, 0): False},
        _set("losses", "internal", {"tracked": False}),
    ),
    "tracked_cleared": ({("ZY_EXTERNAL_TRACKED", 0, 0): None}, _drop("losses", "external")),
    "loss_at_three_percent": (
        {("zy_internal_amount", 0, 0): None, ("zy_internal_amount", 1, 0): 2_940_000},
        _set("losses", "internal", "amounts", {"rework": "2940000"}),
    ),
    "output_cleared": ({("ZY_OUTPUT", 0, 0): None}, _drop("output_value")),
    "item_lower": ({("ZY_ITEM_QMS", 0, 0): 1}, _set("management", "qms", 1)),
    "item_cleared": ({("ZY_ITEM_QMS", 0, 0): None}, _drop("management", "qms")),
    "process_added": (
        {
            ("zy_first_pass_product_id", 3, 0): "P1",
            ("zy_first_pass_process_id", 3, 0): "30",
            ("zy_first_pass_seq", 3, 0): 2,
            ("zy_first_pass_submitted", 3, 0): 9_000,
            ("zy_first_pass_passed_first", 3, 0): 7_000,
        },
        _append("first_pass", stage("P1", "30", 2, 9_000, 7_000)),
    ),
    "product_renamed": (
        {("zy_first_pass_product_id", 1, 0): "P3"},
        _set("first_pass", 1, "product_id", "P3"),
    ),
    "seq_before": ({("zy_first_pass_seq", 1, 0): 0}, _set("first_pass", 1, "seq", 0)),
    "passed_first_cleared": ({("zy_first_pass_passed_first", 1, 0): None}, _drop("first_pass")),
    "shorter_window": ({("zy_window", 0, 0): "2025-02"}, _set("window", "start", "2025-02")),
    "month_missing": ({("zy_missing", 0, 0): "2025-05"}, _set("missing_months", {"deliveries": ["2025-05"]})),
}
"""By name: the cells that are changed, and the same change made to the evidence."""

TO_A_THRESHOLD = {
    ("zy_first_pass_submitted", 0, 0): 20,
    ("zy_first_pass_passed_first", 0, 0): 19,
    ("zy_first_pass_submitted", 1, 0): 20,
    ("zy_first_pass_passed_first", 1, 0): 20,
    ("zy_first_pass_submitted", 2, 0): 9_000,
    ("zy_first_pass_passed_first", 2, 0): 8_550,
}
"""Two products of 95 % each: a mean that doubles know only nearly."""

POLICY_EDITS = {
    "performance_only": ("ZY_POLICY_AGGREGATION", "performance_only", {"aggregation": "performance_only"}),
    "lower_median": ("ZY_POLICY_AGGREGATION", "lower_median", {"aggregation": "lower_median"}),
    "by_formula": ("ZY_POLICY_SIGMA_METHOD", "formula", {"sigma_method": "formula"}),
    "more_values": ("ZY_POLICY_MIN_VALUES", 126, {"min_values": "126"}),
}

REFUSED = {
    "more_passed_than_submitted": {("zy_first_pass_passed_first", 0, 0): 51_001},
    "half_a_unit": {("zy_deliveries_units", 0, 0): 600_000.5},
    "same_product_twice": {("zy_deliveries_product_id", 1, 0): "P1"},
    "level_six": {("ZY_ITEM_DATA", 0, 0): 6},
    "below_zero": {("zy_internal_amount", 0, 0): -1},
    "text_for_a_number": {("zy_capability_cpk", 0, 0): "high"},
    "month_outside": {("zy_missing", 0, 3): "2024-12"},
    "window_backwards": {("zy_window", 0, 1): "2024-12"},
}
