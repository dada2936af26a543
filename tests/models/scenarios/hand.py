"""A publication by hand of one plant `P`, as scenarios are computed from: three levers, everything known."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from models.attainment.level_model import LevelModel
from models.attainment.start import Start
from models.chains.keeping import Chains
from models.plans.following import Following
from models.recommend.money import Losses
from models.rules_numpy import ArrayRules
from models.scenarios.computing import Computing
from models.scenarios.wish import Scenario
from models.what_if.levers import Place
from tests.models.plans.plant import ITEMS, ORIGIN, VALUES, ByHand, Lever, begun
from tests.models.portfolio.portfolios import Plant, portfolio, steady

PATHS = 64
LEVERS = {
    "oven": Lever(failing=-0.3, cost=1000.0),
    "jig": Lever(failing=-0.2, cost=500.0),
    "gauge": Lever(failing=-0.1, cost=None),
}
ROWS = [
    {
        "rank": rank,
        "parameter_id": name,
        "parameter_name": None,
        "unit": "mm",
        "from": 0.0,
        "to": 1.0,
        "cost": lever.cost,
        "confidence": "strong",
    }
    for rank, (name, lever) in enumerate(LEVERS.items(), start=1)
]


class HandPlant:
    """As `Kept.plant` gives one."""

    def __init__(self, seed: int, values: dict[str, float]) -> None:
        """Its known months go on, its ppm off by a factor that lasts."""
        self.enterprise_id, self.facts = "P", {"origin": ORIGIN}
        self.start = begun(PATHS, 0.5, seed, dict.fromkeys(ITEMS, 2), VALUES | values)
        self.state, self.effects = self.start.states[0], {}
        self.model = SimpleNamespace(together=ByHand(LEVERS, {}))
        self.losses = Losses(internal=24.0, external=24.0, escaping=0.1, elasticity=1.0)
        self.levers = {
            name: Place(name, None, "mm", cost_per_unit=lever.cost) for name, lever in LEVERS.items()
        }

    def ahead(self) -> Start:
        """Twelve months."""
        return self.start


def computing(
    folder: Path, wish: Scenario, seed: int = 1, chains: Chains | None = None, **values: float
) -> Computing:
    """A computing over that plant, and a bystander of whom there is no forecast."""
    plant = HandPlant(seed, values)
    kept = SimpleNamespace(
        names=("P",),
        plant=lambda _name: plant,
        learned=LevelModel(),
        following=Following(),
        rules=ArrayRules(),
    )
    made = [
        Plant("P", 2, steady(2), end="2026-12", region="330100"),
        Plant("Q", 2, steady(2), end="2026-12", region="420100", forecast=False),
    ]
    known = portfolio(folder, made, PATHS)
    return Computing(wish, known, kept, lambda _name: ROWS, chains)  # type: ignore[arg-type]


def wish(**otherwise: object) -> Scenario:
    """A scenario from the second month ahead on."""
    return Scenario.model_validate({"name": "情景", "start": "2027-02"} | otherwise)
