"""How long grading takes, as a multiple of what `json.loads` needs for the same lines: prints ratios only.

python tests/benchmarks/bench_grade.py [LINES]
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qm_rules import Policy, load_pack
from qm_rules.answer_line import answer_line
from qm_rules.evidence.values import EXTERNAL, INTERNAL, ITEMS
from qm_rules.grading import grade_by
from qm_rules.rulebook import rulebook
from qm_rules.stream import answer_lines


def evidence(
    rng: random.Random, products: int, processes: int, characteristics: int, categories: int
) -> dict:
    def money(limit: float) -> str:
        return f"{rng.uniform(0, limit):.2f}"

    return {
        "enterprise_id": f"E{rng.randrange(10**6):06d}",
        "window": {"start": "2025-01", "end": "2025-12"},
        "deliveries": [
            {"product_id": f"P{p}", "units": rng.randint(10**4, 10**6), "nonconforming": rng.randint(0, 600)}
            for p in range(products)
        ],
        "first_pass": [
            {"product_id": f"P{p}", "process_id": f"{10 * s}", "seq": s, "submitted": 51000,
            "passed_first": rng.randint(49000, 51000)} for p in range(products)
            for s in range(1, processes + 1)
        ],
        "capability": [
            {"characteristic_id": f"C{c}", "key": c < 3, "cpk": f"{rng.uniform(0.9, 2.2):.3f}", "n":
            rng.randint(30, 500), "stable": rng.random() < 0.9} for c in range(characteristics)
        ],
        "losses": {
            "internal": {"tracked": True, "amounts": {name: money(10**6) for name in INTERNAL[:categories]}},
            "external": {"tracked": True, "amounts": {name: money(5 * 10**5) for name in
            EXTERNAL[:categories]}},
        },
        "output_value": f"{rng.uniform(5e7, 2e8):.2f}",
        "management": {name: rng.randint(2, 5) for name in ITEMS},
    }  # fmt: skip


CHUNK, ROUNDS = 1000, 5


def seconds(run, lines: list[bytes]) -> float:
    """CPU time, so that what else the machine does at the moment counts as little as it can."""
    started = time.process_time()
    run(lines)
    return time.process_time() - started


def measure(name: str, lines: list[bytes]) -> None:
    book = rulebook(load_pack(), Policy())

    def graded(some: list[bytes]) -> None:
        for _ in answer_lines(some, lambda one: answer_line(grade_by(book, one))):
            pass

    def loaded(some: list[bytes]) -> None:
        for line in some:
            json.loads(line)

    base, ours = in_turn([loaded, graded], lines)
    print(f"{name}: json.loads {base:.2f} s, graded {ours:.2f} s, ratio {ours / base:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "evidence.jsonl"
        file.write_bytes(b"\n".join(lines))
        whole = command_seconds([sys.executable, "-m", "serving", "grade", "--evidence", str(file)])
    print(f"{name}: the whole command {whole:.2f} s, ratio {whole / base:.1f}")


def in_turn(runs: list, lines: list[bytes]) -> list[float]:
    """Each run's time over all lines: per chunk the quickest of several rounds, the runs taking turns."""
    total = [0.0] * len(runs)
    for start in range(0, len(lines), CHUNK):
        chunk = lines[start : start + CHUNK]
        rounds = [[seconds(run, chunk) for run in runs] for _ in range(ROUNDS)]
        total = [sum(pair) for pair in zip(total, map(min, zip(*rounds, strict=True)), strict=True)]
    return total


def command_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(count: int) -> None:
    rng = random.Random(249)
    shapes = {"smallest": (1, 1, 1, 1), "usual": (2, 3, 4, 4), "large": (10, 6, 30, 6)}
    for name, shape in shapes.items():
        lines = [
            json.dumps(evidence(rng, *shape)).encode() for _ in range(count // (10 if name == "large" else 1))
        ]
        measure(f"{name} ({len(lines[0])} bytes, {len(lines)} lines)", lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
