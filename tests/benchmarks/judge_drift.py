"""False alarms and power of the drift tests, on simulated plants that share monthly shocks.

    .venv/bin/python tests/benchmarks/judge_drift.py --worlds 200 --only alarms
    .venv/bin/python tests/benchmarks/judge_drift.py --worlds 100 --only power
    .venv/bin/python tests/benchmarks/judge_drift.py --worlds 100 --only ever

Months 12, 24, 36 are 9 + 3, 18 + 6, 24 + 12 (trained + since). Prints Markdown tables.
"""

import argparse
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.models.drift.worlds import World, ever, false_alarms, power

MONTHS, STRENGTHS, SEED = (12, 24, 36), (0.0, 0.5, 0.8), 7


def table(header: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def print_alarms(worlds: int) -> None:
    columns = list(product((1, 60), (5, 200)))
    rows = []
    for months, skewed, strength in product(MONTHS, (False, True), STRENGTHS):
        cells = [World(months, strength, skewed, inputs, plants) for inputs, plants in columns]
        shares = [f"{100 * false_alarms(cell, SEED, worlds) / worlds:.1f}" for cell in cells]
        rows.append([str(months), "skewed" if skewed else "normal", str(strength), *shares])
    table(["months", "shocks", "φ", *(f"{i} input{'s' * (i > 1)}, {p} plants" for i, p in columns)], rows)


def print_power(worlds: int) -> None:
    columns = list(product((1, 60), (1.0, 2.0, 3.0)))
    rows = []
    for months, strength in product(MONTHS, STRENGTHS):
        shares = [power(World(months, strength, False, i, 20), s, SEED, worlds) for i, s in columns]
        rows.append([str(months), str(strength), *(f"{share:.2f}" for share in shares)])
    table(["months", "φ", *(f"{i} input{'s' * (i > 1)}, {s:g} sd" for i, s in columns)], rows)


def print_ever(worlds: int) -> None:
    rows = []
    for strength in STRENGTHS:
        shares = [ever(World(38, strength, False, inputs, 20), SEED, worlds) for inputs in (1, 20)]
        rows.append([str(strength), *(f"{100 * share:.1f}" for share in shares)])
    table(["φ", "1 input", "20 inputs"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--only", choices=("alarms", "power", "ever"))
    asked = parser.parse_args()
    for name, show in {"alarms": print_alarms, "power": print_power, "ever": print_ever}.items():
        if asked.only in (None, name):
            show(asked.worlds)
