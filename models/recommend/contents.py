"""Everything that one recommendation says, put together from its move, its promise and the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

import pandas as pd

from features.periods import Frequency, month_of
from models.effects.calibration import DEFAULT_READINGS
from models.effects.panel import Panel
from models.recommend.benchmark import Benchmark, benchmark
from models.recommend.benefit_table import Plan, benefit_table
from models.recommend.candidates import Candidate
from models.recommend.confidence import Judgement
from models.recommend.level_moves import levels_moved
from models.recommend.measuring import measures, text_of
from models.recommend.methods import method_for
from models.recommend.money import Losses
from models.recommend.promises import Promise, base_levels, benefit_interval, indicator_effects
from models.recommend.records import Records
from models.recommend.rows import Effect, IndicatorEffect, JointEffect, RecommendationRow
from models.results import Target

EDGE: Final = 0.02
"""Share of the range shown within which a place counts as its end."""


@dataclass(frozen=True)
class Plant:
    """One enterprise: its `rows` of the model table in order of time, its `parameters`, its yearly losses,
    its sector's `panel`, what the `records` say beside, and `readings` per period by parameter.
    """

    enterprise_id: str
    rows: pd.DataFrame
    parameters: pd.DataFrame
    losses: Losses
    panel: Panel
    records: Records
    readings: dict[str, float]

    @cached_property
    def bases(self) -> Mapping[Target, float]:
        """Every indicator as it stands."""
        return base_levels(self.rows)

    @cached_property
    def _listed(self) -> dict[str, pd.Series]:
        return {str(row["parameter_id"]): row for _, row in self.parameters.iterrows()}

    def parameter(self, parameter_id: str) -> pd.Series:
        """The record of a parameter."""
        return self._listed[parameter_id]


def told(plant: Plant, rank: int, c: Candidate, verdict: Judgement, promise: Promise) -> RecommendationRow:
    """The row of one move that may be recommended."""
    parameter = plant.parameter(c.parameter_id)
    effects = indicator_effects(plant.bases, plant.losses, promise)
    evidence = _evidence(plant, c, verdict)
    fit = method_for(_names(parameter), c.target, evidence.get("gauge_reliability"), inside=_inside(c))
    readings = plant.readings.get(c.parameter_id, DEFAULT_READINGS)
    process = text_of(parameter.get("process_id"))
    return RecommendationRow(
        enterprise_id=plant.enterprise_id,
        rank=rank,
        parameter_id=c.parameter_id,
        parameter_name=text_of(parameter.get("name")),
        process_id=process,
        process_name=plant.records.processes.get((plant.enterprise_id, process or "")),
        unit=text_of(parameter.get("unit")),
        from_=c.span.now,
        to=c.to,
        target=c.target,
        effect=_effect_on(effects, c),
        effects=effects,
        arrival_periods=promise.periods,
        confidence=verdict.confidence,
        evidence=evidence,
        measure=measures(effects, parameter, evidence, readings),
        method=fit.method,
        method_why=fit.why,
        task=fit.task,
        task_number=fit.task_number,
        **_levels(plant, promise),
        **_money(plant, c, promise),
    )


def jointly(plant: Plant, parameter_ids: tuple[str, ...], promise: Promise) -> JointEffect:
    """What several moves of a plant bring when they are made together."""
    avoided = benefit_interval(plant.losses, promise) if plant.losses.known else None
    return JointEffect(
        parameter_ids=parameter_ids,
        effects=indicator_effects(plant.bases, plant.losses, promise),
        benefit=None if avoided is None else avoided.estimate,
        benefit_low=None if avoided is None else avoided.low,
        benefit_high=None if avoided is None else avoided.high,
    )


def _effect_on(effects: tuple[IndicatorEffect, ...], c: Candidate) -> Effect | None:
    """The effect on the indicator that the candidate was judged by."""
    found = next((e for e in effects if e.target == c.target), None)
    return None if found is None else Effect(estimate=found.estimate, low=found.low, high=found.high)


def _names(parameter: pd.Series) -> str:
    return f"{parameter['parameter_id']} {text_of(parameter.get('name')) or ''}"


def _inside(c: Candidate) -> bool:
    """Whether the lever's best place lies inside the range shown, not at an end of it."""
    margin = EDGE * (c.span.high - c.span.low)
    return c.span.low + margin < c.to < c.span.high - margin


def _evidence(plant: Plant, c: Candidate, verdict: Judgement) -> dict[str, Any]:
    """Every number behind the judgement, the range shown, and the benchmark for what nobody measured."""
    evidence: dict[str, Any] = {**verdict.evidence, "range_shown": [c.span.low, c.span.high]}
    strength = evidence.get("robustness_value")
    if strength is not None:
        found = _benchmark(plant.panel, c.effects.target, c.lever, float(strength))
        if found is not None:
            evidence["benchmark_parameter_id"] = found.parameter_id
            evidence["benchmark_times"] = found.times
    return evidence


def _benchmark(panel: Panel, target: str, lever: int, strength: float) -> Benchmark | None:
    first = len(panel.levers)
    context = {name: panel.levels[:, first + c] for c, name in enumerate(panel.surrounding_names)}
    return benchmark(panel.levels[:, lever], panel.outcomes[target], context, strength)


def _levels(plant: Plant, promise: Promise) -> dict[str, Any]:
    standing = plant.records.standing
    if standing is None:
        return {}
    moves, gap = levels_moved(standing, plant.enterprise_id, plant.losses, promise)
    return {"moves_level": moves[0] if moves else None, "also_moves": moves[1:], "level_gap": gap}


def _money(plant: Plant, c: Candidate, promise: Promise) -> dict[str, Any]:
    if c.benefit is None:
        return {"cost": c.cost}
    avoided = benefit_interval(plant.losses, promise)
    table = benefit_table(plant.losses, promise, _plan(plant, c))
    return {
        "benefit": c.benefit,
        "benefit_low": min(avoided.low, c.benefit),
        "benefit_high": max(avoided.high, c.benefit),
        "cost": c.cost,
        "payback": c.cost / c.benefit if c.benefit else None,
        "payback_months": None if table is None else table.payback_months,
        "benefit_table": table,
    }


def _plan(plant: Plant, c: Candidate) -> Plan:
    unit_cost = plant.parameter(c.parameter_id).get("cost_per_unit")
    known = plant.records.costs.get(plant.enterprise_id)
    last = int(plant.rows["t"].iloc[-1])
    return Plan(
        since=month_of(last, cast("Frequency", plant.panel.frequency)),
        holding=None if unit_cost is None or pd.isna(unit_cost) else c.cost,
        one_off=plant.records.one_off.get((plant.enterprise_id, c.parameter_id)),
        categories=known.amounts if known else {},
        **({"months": known.months} if known else {}),
    )
