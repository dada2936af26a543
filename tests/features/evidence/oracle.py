"""The evidence of one enterprise, straight from the words of the specification, over rows as lists of dicts.

Nothing is shared with the product: months are text, days are the calendar's, counts are int, money is
Decimal, rates are Fraction. A process that nobody lists has the seq None here.
"""

import calendar
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

INTERNAL = {"scrap", "rework", "downgrade", "downtime", "incident", "other_internal"}
EXTERNAL = {
    "claims", "returns", "discount", "warranty", "repair_replacement", "goodwill", "other_external",
}  # fmt: skip
TIMED = {"inspections": "inspected_at", "measurements": "measured_at", "process_data": "observed_at"}
STATED = ("deliveries", "quality_costs", "output_values")


def month_of(moment):
    return f"{moment.year:04d}-{moment.month:02d}"


def months_before(month, count):
    """The month so many months earlier."""
    year, number = int(month[:4]), int(month[5:])
    for _ in range(count):
        year, number = (year - 1, 12) if number == 1 else (year, number - 1)
    return f"{year:04d}-{number:02d}"


def last_day(month):
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def own(tables, name, enterprise):
    return [row for row in tables.get(name, []) if row["enterprise_id"] == enterprise]


def latest_complete_month(tables, enterprise):
    """The latest complete month with any record, or None: decision 9."""
    times = [row[at] for name, at in TIMED.items() for row in own(tables, name, enterprise)]
    stated = {row["period"] for name in STATED for row in own(tables, name, enterprise)}
    months = stated | {month_of(time) for time in times}

    def is_complete(month):
        on_last_day = any(time.date() == last_day(month) for time in times)
        return month in stated or on_last_day or any(later > month for later in months)

    return max((month for month in months if is_complete(month)), default=None)


def as_of_of(tables, enterprise):
    found = latest_complete_month(tables, enterprise)
    if found is not None:
        return found
    everyone = [latest_complete_month(tables, row["enterprise_id"]) for row in tables["enterprises"]]
    return max(month for month in everyone if month is not None)


def evidence(tables, enterprise, as_of=None):
    """The evidence document without `capability`, and the notes."""
    end = as_of or as_of_of(tables, enterprise)
    window = [months_before(end, back) for back in range(11, -1, -1)]
    found = {"enterprise_id": enterprise, "window": {"start": window[0], "end": end}}
    present = {}

    delivered = [row for row in own(tables, "deliveries", enterprise) if row["period"] in window]
    if sum(row["units"] for row in delivered) > 0:
        found["deliveries"] = [
            {
                "product_id": product,
                "units": sum(row["units"] for row in delivered if row["product_id"] == product),
                "nonconforming": sum(
                    row["nonconforming"] for row in delivered if row["product_id"] == product
                ),
            }
            for product in sorted({row["product_id"] for row in delivered})
        ]
        present["deliveries"] = {row["period"] for row in delivered}

    first = first_submissions(tables, enterprise, window)
    notes = uninspected(tables, enterprise, first, delivered)
    if first and not notes:
        found["first_pass"] = first_pass(tables, enterprise, first)
        present["first_pass"] = {month_of(row["inspected_at"]) for row in first}

    money(tables, enterprise, window, found, present)
    levels = management(tables, enterprise, end)
    if levels:
        found["management"] = levels
    missing = {name: [month for month in window if month not in months] for name, months in present.items()}
    if any(missing.values()):
        found["missing_months"] = {name: months for name, months in missing.items() if months}
    return found, notes


def first_submissions(tables, enterprise, window):
    return [
        row
        for row in own(tables, "inspections", enterprise)
        if row.get("submission") in (None, 1) and month_of(row["inspected_at"]) in window
    ]


def uninspected(tables, enterprise, first, delivered):
    """A note per listed process without a first submission, of products that were made: decision 10."""
    made = {row["product_id"] for row in first}
    made |= {row["product_id"] for row in delivered if row["units"] > 0}
    seen = {(row["product_id"], row["process_id"]) for row in first}
    listed = {(row["product_id"], row["process_id"]) for row in own(tables, "processes", enterprise)}
    return [
        {"code": "uninspected_process", "indicator": "ftq", "product_id": product, "process_id": process}
        for product, process in sorted(listed - seen)
        if product in made
    ]


def first_pass(tables, enterprise, first):
    seq = {(row["product_id"], row["process_id"]): row["seq"] for row in own(tables, "processes", enterprise)}
    sums = {}
    for row in first:
        key = row["product_id"], row["process_id"]
        submitted, passed = sums.get(key, (0, 0))
        sums[key] = submitted + row["submitted"], passed + row["passed"]
    return [
        {
            "product_id": key[0],
            "process_id": key[1],
            "seq": seq.get(key),
            "submitted": submitted,
            "passed_first": passed,
        }
        for key, (submitted, passed) in sums.items()
    ]


def money(tables, enterprise, window, found, present):
    """Losses and output over the months that have both; one output value serves both families."""
    costs = [row for row in own(tables, "quality_costs", enterprise) if row["period"] in window]
    output = [row for row in own(tables, "output_values", enterprise) if row["period"] in window]
    months = {"output_value": {row["period"] for row in output}}
    for family, categories in (("internal", INTERNAL), ("external", EXTERNAL)):
        months[family] = {row["period"] for row in costs if row["category"] in categories}
    used = months_with_both(months)
    total = exact_sum(row["amount"] for row in output if row["period"] in used)
    if total > 0:
        found["output_value"] = f"{total:f}"
        present["output_value"] = months["output_value"]
    for family, categories in (("internal", INTERNAL), ("external", EXTERNAL)):
        amounts = {}
        for row in costs:
            if row["category"] in categories and row["period"] in used:
                before = amounts.get(row["category"], Decimal(0))
                amounts[row["category"]] = exact_sum([before, row["amount"]])
        if amounts:
            stated = {category: f"{amount:f}" for category, amount in amounts.items()}
            found.setdefault("losses", {})[family] = {"tracked": True, "amounts": stated}
            present[family] = months[family]
        elif not months[family] and says_untracked(tables, enterprise, f"{family}_loss", window[-1]):
            found.setdefault("losses", {})[family] = {"tracked": False}


def months_with_both(months):
    output, families = months["output_value"], [months[name] for name in ("internal", "external")]
    families = [found for found in families if found]
    if not output:
        return set().union(*families)
    if not families:
        return output
    together = output.intersection(*families)
    if together:
        return together
    internal, external = ([*(output & found for found in families), set()])[:2]
    return external if len(external) > len(internal) else internal


def exact_sum(amounts):
    with localcontext() as context:
        context.prec = 200
        return sum(amounts, Decimal(0))


def says_untracked(tables, enterprise, statistic, end):
    """What the latest declaration in force at the window's end says."""
    rows = [
        row
        for row in own(tables, "declarations", enterprise)
        if row["statistic"] == statistic and row["from_period"] <= end
    ]
    return bool(rows) and not max(rows, key=lambda row: row["from_period"])["tracked"]


def management(tables, enterprise, end):
    """The latest assessment that is not after the window and not older than 36 months; third party first."""
    until = last_day(end)
    since = last_day(months_before(end, 36))
    since = since.replace(day=min(since.day, until.day))
    levels = {}
    for row in sorted(
        own(tables, "assessments", enterprise),
        key=lambda row: (row["assessed_on"], row["source"] == "third_party"),
    ):
        if since <= row["assessed_on"] <= until:
            levels[row["item_id"]] = row["level"]
    return levels


def sigma(document):
    """Nonconforming units per million, exactly."""
    rows = document["deliveries"]
    return Fraction(10**6 * sum(r["nonconforming"] for r in rows), sum(r["units"] for r in rows))


def ftq(document):
    """The mean over products, by units started, of the product over stages of passed ÷ submitted."""
    weighted, weights = Fraction(0), 0
    for product in {row["product_id"] for row in document["first_pass"]}:
        rows = [row for row in document["first_pass"] if row["product_id"] == product]
        stages = {}
        for row in rows:
            stage = row["process_id"] if row["seq"] is None else row["seq"]
            stages.setdefault((row["seq"] is None, stage), []).append(row)
        rolled = Fraction(1)
        for stage in stages.values():
            rolled *= Fraction(sum(r["passed_first"] for r in stage), sum(r["submitted"] for r in stage))
        started = sum(row["submitted"] for row in stages[min(stages)])
        weighted, weights = weighted + started * rolled, weights + started
    return weighted / weights


def loss_rate(document, family):
    """Σ loss ÷ output value, exactly."""
    amounts = document["losses"][family]["amounts"].values()
    return sum(map(Fraction, amounts)) / Fraction(document["output_value"])
