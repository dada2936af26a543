"""The tablet plant batch by batch: what each setting does to a lot's loss, and the first three actions.

    python tests/benchmarks/lots_pharma.py

Every figure of docs/real-plants.md about tablets comes from here. The rows stay in ../shared/real. Which of
the parameters that are declared `actionable` can really be set is judged below, from what the names and the
press say; the record tables themselves declare all fourteen.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.effects.lot_checks import Checks, check
from models.effects.lots import LotEffects, lot_effects, lots_of

PHARMA = Path(__file__).parents[3] / "shared" / "real" / "pharma"
SETTINGS = (
    "tbl_speed_mean",  # turret speed: stands on round numbers (80, 100, 120, 140, 160)
    "fom_mean",  # speed of the feeder (fill-o-matic): round numbers too
    "main_CompForce_mean",  # main compression force: held by the press, within the product's hardness
    "pre_CompForce_mean",  # pre-compression: often off (0)
    "tbl_fill_mean",  # fill depth: follows the tablet's weight, little room
    "cyl_height_mean",  # gap between the punches: follows thickness and force
)
RESULTS = (
    "SREL_startup_mean",  # scatter of the force while starting up and in production: results of filling
    "SREL_production_mean",
    "main_CompForce_sd",
    "tbl_fill_sd",  # how much the weight control had to work
    "stiffness_mean",
    "ejection_mean",  # force that the tablet needs to leave the die
    "tbl_speed_change",  # how often somebody changed the speed: an answer to trouble
    "fom_change",
)


class Action(NamedTuple):
    """A setting moved for all lots of the last twelve months, each within what its own product has shown."""

    setting: str
    before: float
    after: float
    effect: float
    low: float
    high: float
    tablets: float


def lot_table() -> pd.DataFrame:
    """One row per lot in order of time: product, month, submitted, loss in per cent, dissolution, levers."""
    inspections = pd.read_csv(PHARMA / "inspections.csv.gz", dtype={"product_id": str})
    readings = pd.read_csv(PHARMA / "process_data.csv.gz")
    wide = readings.pivot_table(index="lot_id", columns="parameter_id", values="value")
    released = pd.read_csv(PHARMA / "measurements.csv.gz").groupby("lot_id")["value"].min()
    table = inspections.set_index("lot_id").join(wide).assign(dissolution=released)
    when = pd.to_datetime(table["inspected_at"])
    table = table.assign(when=when, month=when.dt.year * 12 + when.dt.month)
    table["loss"] = 100 * (1 - table["passed"] / table["submitted"])
    return table.sort_values("when", kind="stable").reset_index()


def context_of() -> tuple[str, ...]:
    """Properties of the material lots: known before the press starts."""
    parameters = pd.read_csv(PHARMA / "parameters.csv.gz")
    return tuple(parameters.loc[parameters["kind"] == "context", "parameter_id"])


def actions(table: pd.DataFrame, effects: LotEffects) -> list[Action]:
    """Every setting moved the way its effect says, as far as each product's own lots have gone (5–95 %)."""
    last = table["when"] > table["when"].max() - pd.DateOffset(years=1)
    recent, (low, high) = table[last], effects.interval()
    made = float(recent["submitted"].sum())
    found = []
    for j, setting in enumerate(effects.lots.levers):
        end = 0.05 if effects.theta[j] > 0 else 0.95
        shown = table.groupby("product_id")[setting].quantile(end)
        room = recent["product_id"].map(shown) - recent[setting]
        way = np.minimum(room, 0) if end < 0.5 else np.maximum(room, 0)
        weight = recent["submitted"] / made
        far = float((way * weight).sum())
        before, steps = float((recent[setting] * weight).sum()), far / effects.lots.spread[j]
        three = sorted(x * steps for x in (effects.theta[j], low[j], high[j]))
        found.append(
            Action(setting, before, before + far, effects.theta[j] * steps, three[0], three[2], 0.0)._replace(
                tablets=-effects.theta[j] * steps / 100 * made
            )
        )
    return sorted(found, key=lambda a: a.effect)


def tell(name: str, effects: LotEffects) -> None:
    """Prints the effects per spread."""
    low, high = effects.interval()
    print(f"\n{name}: {len(effects.y)} lots, {effects.degrees + 1:.1f} effective products")
    for j, lever in enumerate(effects.lots.levers):
        unit = f"per {effects.lots.spread[j]:.3g}"
        print(f"  {lever:<22} {unit:>10}  {effects.theta[j]:+.3f} [{low[j]:+.3f}, {high[j]:+.3f}]")


def tell_checks(effects: LotEffects, found: Checks, products: list[str]) -> None:
    """Prints the checks of every setting."""
    print("\nplacebo p, same sign in halves, random cause (s.e.), robustness; by product")
    for j, lever in enumerate(effects.lots.levers):
        own = {products[p]: round(float(theta[j]), 2) for p, theta in found.products.items()}
        print(
            f"  {lever:<22} {found.placebo_p[j]:.2f}  {found.same_sign[j]:.2f}  {found.random_cause[j]:.2f}  "
            f"{found.robustness[j]:.3f}  {own}"
        )


def same_quarter(table: pd.DataFrame) -> None:
    """Lots of one product in one quarter that ran at different speeds, compared directly."""
    speed = table["tbl_speed_mean"].round(-1)
    quarter = table["when"].dt.to_period("Q").astype(str)
    cells = table.assign(speed=speed, quarter=quarter).groupby(["product_id", "quarter"])
    away = table["loss"] - cells["loss"].transform("mean")
    moved = speed - cells["tbl_speed_mean"].transform(lambda x: x.round(-1).mean())
    inside = moved.abs() > 1
    slope = (away * moved).sum() / (moved**2).sum() * 10
    of_13 = table[table["product_id"] == "13"]
    with_gap = of_13["tbl_speed_mean"].corr(of_13["cyl_height_mean"])
    print(f"\nspeed and punch gap in product 13: correlation {with_gap:.2f}")
    print(
        f"\nsame product, same quarter: {slope:+.3f} points per 10 of speed, {int(inside.sum())} lots differ"
    )


def pilot(effects: LotEffects) -> None:
    """Lots per arm that tell 120 from 160 (power 80 %, two-sided 10 %) if speeds are drawn by lot."""
    spread = float((effects.y - effects.d @ effects.theta).std())
    full = float(40 / effects.lots.spread[0] * effects.theta[0])
    for what, size in (("the estimate", full), ("half of it", full / 2)):
        arm = 2 * ((1.645 + 0.842) * spread / size) ** 2
        print(f"pilot: {arm:.0f} lots per arm find {what} ({size:.2f} points; lots vary by {spread:.2f})")


def by_double_ml(effects: LotEffects) -> None:
    """DoubleML on the same rows and controls with forests as nuisances (extra `causal`)."""
    try:
        import doubleml
        from sklearn.ensemble import RandomForestRegressor
    except ImportError:
        print("\nDoubleML is not installed (extra `causal`)")
        return
    lots = effects.lots
    controls = np.nan_to_num(lots.controls, nan=0.0)
    data = doubleml.DoubleMLData.from_arrays(controls, lots.loss, lots.settings)
    forest = RandomForestRegressor(60, min_samples_leaf=5, max_features=0.4, random_state=0)
    model = doubleml.DoubleMLPLR(data, forest, forest, n_folds=5)
    blocks = np.array_split(np.unique(lots.month), 5)
    rows = [np.flatnonzero(np.isin(lots.month, b)) for b in blocks]
    everything = np.arange(len(lots.month))
    model.set_sample_splitting([[(np.setdiff1d(everything, r), r) for r in rows]])
    model.fit()
    print("\nDoubleML, forests, blocks of months (intervals by lots, so too narrow)")
    for lever, theta, error in zip(lots.levers, model.coef, model.se, strict=True):
        print(f"  {lever:<22} {theta:+.3f} ± {1.645 * error:.3f}")


def main() -> None:
    table, context = lot_table(), context_of()
    effects = lot_effects(lots_of(table, SETTINGS, context))
    tell("settings, points of loss", effects)
    products = list(table["product_id"].astype("category").cat.categories)
    tell_checks(effects, check(effects), products)
    print("\nactions (points of loss, 90 %; tablets a year)")
    for action in actions(table, effects):
        print(
            f"  {action.setting:<22} {action.before:.4g} → {action.after:.4g}  {action.effect:+.3f} "
            f"[{action.low:+.3f}, {action.high:+.3f}]  {action.tablets:,.0f}"
        )
    tell("dissolution (points)", lot_effects(lots_of(table, SETTINGS, context, "dissolution")))
    tell("all fourteen as declared", lot_effects(lots_of(table, SETTINGS + RESULTS, context)))
    tell("without material lots", lot_effects(lots_of(table, SETTINGS, ())))
    logs = table.assign(loss=np.log(np.maximum(table["loss"], 0.1)))
    tell("log loss", lot_effects(lots_of(logs, SETTINGS, context)))
    tell("speed alone", lot_effects(lots_of(table, SETTINGS[:1], context)))
    same_quarter(table)
    pilot(effects)
    by_double_ml(effects)


if __name__ == "__main__":
    main()
