"""Judges the warning about roles: in simulated provinces whose roles are known, and hidden from the records.

    .venv/bin/python tests/benchmarks/judge_roles.py 21 22 --family additive --scenario default

Every parameter is left without a role (the import reads that as `context`); the statistic never looks at
what is stated. Counted over sectors × parameters, by true role: how many are flagged, with 72 and with 36
months. Then placebos, with roles as they are: the share of placebo levers (line by line) whose 90 % interval
over the line's own range leaves out zero, and how often one is recommended, and recommended first; and what
becomes of advice if every outcome is stated `actionable`, with the check and without it (`--mistaken`).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from features.model_table import ModelTable, build_model_table
from features.simulator import HARD, Scenario, World
from features.tables import FrameTables
from models.effects import fit_effects, readings_per_period
from models.effects.model import EffectModel
from models.effects.roles import RelabelledTable, directions, set_aside, suspected_outcomes
from models.recommend import advise
from models.recommend.moves import shown_range

SCENARIOS = {"default": Scenario(), "hard": HARD}
NINETY = 1.645
MONTHS = (72, 36)


def roles_of(world: World) -> dict[tuple[str, str], str]:
    """The true role of every parameter of every plant."""
    return {(x.enterprise_id, x.parameter_id): x.role for x in world.truth}


def stated(table: ModelTable, kind: str, only: set[str] | None = None) -> RelabelledTable:
    """The table with every parameter (or those named) stated as `kind`."""
    parameters = table.parameters.copy()
    which = slice(None) if only is None else parameters["parameter_id"].isin(only)
    parameters.loc[which, "kind"] = kind
    return RelabelledTable(table.frame, parameters)


def flagged(world: World, tables: FrameTables) -> pd.DataFrame:
    """One row per sector × parameter × months: the role, and whether it was flagged."""
    role, rows = roles_of(world), []
    for months in MONTHS:
        table = build_model_table(tables, as_of=world.period(months - 1))
        for d in directions(stated(table, "")):
            true = next(role[e, d.parameter_id] for e in d.enterprises if (e, d.parameter_id) in role)
            pace = "" if d.frequency == "month" else f", by {d.frequency}"
            rows.append({"months": months, "role": true + pace, "flagged": d.suspected})
    return pd.DataFrame(rows)


def placebos(table: ModelTable, model: EffectModel, role: dict[tuple[str, str], str]) -> dict[str, float]:
    """What became of the placebo levers."""
    listed = {(r["enterprise_id"], r["parameter_id"]): r for _, r in table.parameters.iterrows()}
    shown = []
    for e in (one for one in model.effects if one.target == "ftq"):
        for i, enterprise in enumerate(e.panel.enterprises):
            for j, name in enumerate(e.panel.levers):
                if role.get((enterprise, name)) != "placebo":
                    continue
                span = shown_range(e.panel, e.settings, i, j, listed[enterprise, name])
                if span is not None and span.high > span.low:
                    change = e.change(i, j, span.low, span.high)
                    shown.append(abs(change.mean) > NINETY * change.sd)
    rows = advise(table, model, sorted({e for p in model.panels for e in p.enterprises}), top=3)
    named = [(r.rank, role.get((r.enterprise_id, r.parameter_id))) for r in rows if r.rank]
    first = [true for rank, true in named if rank == 1]
    return {
        "placebo levers": len(shown),
        "interval leaves out zero": float(np.mean(shown)),
        "placebo among recommended": float(np.mean([true == "placebo" for _, true in named])),
        "placebo recommended first": float(np.mean([true == "placebo" for true in first])),
    }


def mistaken(table: ModelTable, readings: pd.DataFrame, role: dict[tuple[str, str], str]) -> dict[str, float]:
    """How often an outcome that is stated `actionable` is recommended first, unchecked and checked."""
    outcomes = {name for (_, name), true in role.items() if true == "outcome"}
    wrong = stated(table, "actionable", outcomes)
    answer = {}
    for name, used in (("unchecked", wrong), ("checked", set_aside(wrong, suspected_outcomes(wrong)))):
        model = fit_effects(used, readings)
        rows = advise(used, model, sorted({e for p in model.panels for e in p.enterprises}), top=1)
        first = [role.get((r.enterprise_id, r.parameter_id)) for r in rows if r.rank == 1]
        answer[f"outcome recommended first, {name}"] = float(np.mean([true == "outcome" for true in first]))
    return answer


def main() -> None:
    """Prints flags by role and months over all worlds, and what became of placebos by world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--family", default="additive")
    parser.add_argument("--scenario", choices=SCENARIOS, default="default")
    parser.add_argument("--flags-only", action="store_true")
    parser.add_argument("--levers-only", action="store_true")
    parser.add_argument("--mistaken", action="store_true", help="also state every outcome `actionable`")
    asked = parser.parse_args()
    flags, levers = [], {}
    for seed in asked.seeds:
        world = World(seed, 60, 72, scenario=SCENARIOS[asked.scenario], family=asked.family)
        tables = FrameTables(world.tables())
        if not asked.levers_only:
            flags.append(flagged(world, tables))
        if not asked.flags_only:
            table, readings, role = build_model_table(tables), readings_per_period(tables), roles_of(world)
            found = placebos(table, fit_effects(table, readings), role)
            levers[str(seed)] = found | (mistaken(table, readings, role) if asked.mistaken else {})
    if flags:
        by_role = pd.concat(flags).groupby(["months", "role"])["flagged"].agg(["size", "sum", "mean"])
        sys.stdout.write(by_role.to_string(float_format=lambda v: f"{v:.3f}") + "\n\n")
    if levers:
        whole = pd.DataFrame(levers)
        whole["mean"] = whole.mean(axis=1)
        sys.stdout.write(whole.to_string(float_format=lambda v: f"{v:.3f}") + "\n")


if __name__ == "__main__":
    main()
