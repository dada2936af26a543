"""What the cheapest split costs beside the grade of the same evidence, and how far its proof is off.

python tests/benchmarks/bench_gaps.py
"""

import json
import random
import time
from collections.abc import Callable
from decimal import Decimal

from qm_rules import grade, parse_evidence
from qm_rules.shortfall import Shortfall, shortfall

SIZES = ((1, 6, 50_000), (3, 6, 200_000), (10, 8, 500_000), (50, 20, 5_000_000))


def evidence(products: int, processes: int, most: int, *, alike: bool) -> dict:
    rng = random.Random(7)
    rows = []
    for product in range(products):
        submitted = most if alike else rng.randint(most // 10, most)
        for seq in range(processes):
            failed = int(submitted * (0.15 / processes) * (1 if alike else 2 * rng.random()))
            row = {"product_id": f"P{product}", "process_id": str(seq), "seq": seq, "submitted": submitted}
            rows.append({**row, "passed_first": submitted - failed})
    window = {"start": "2025-01", "end": "2025-12"}
    return {"enterprise_id": "E", "window": window, "first_pass": rows}


def least(run: Callable[[], object], times: int = 5) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return min(spent)


def off(found: Shortfall) -> str:
    cost, proven = Decimal(found.amount or 0), Decimal(found.least or 0)
    return f"{(cost - proven) / cost:.1e}" if cost != proven else "exact"


def main() -> None:
    print("products x processes, most units   costs   gaps/grade   seconds a level   split above the proof")
    for alike in (False, True):
        for products, processes, most in SIZES:
            text = json.dumps(evidence(products, processes, most, alike=alike))
            graded = grade(parse_evidence(text))
            yardstick = least(lambda text=text: grade(parse_evidence(text)))
            rng = random.Random(1)
            rows = graded.evidence.document["first_pass"]
            costs = {
                (row["product_id"], row["process_id"]): Decimal(rng.randint(50, 5000)).scaleb(-2)
                for row in rows
            }
            gaps = [gap for gap in graded.gaps if gap.indicator == "ftq"]
            for name, given in (("plain", None), ("own", costs)):
                found = [shortfall(graded, gap, unit_costs=given) for gap in gaps]
                spent = least(
                    lambda graded=graded, gaps=gaps, given=given: [
                        shortfall(graded, gap, unit_costs=given) for gap in gaps
                    ],
                    3,
                )
                label = f"{products} x {processes}, {most}{', all alike' if alike else ''}"
                each, above = spent / len(gaps), ", ".join(map(off, found))
                print(f"{label:34} {name:7} {each / yardstick:8.1f}   {each:12.3f}      {above}")


if __name__ == "__main__":
    main()
