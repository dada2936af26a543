"""A seeded structural causal simulator of a province of plants, with known causes and true interventions.

`World(seed=1).tables()` gives records in the project's own tables; `World.do`, `World.expected`,
`World.oracle` and `World.gains` answer what no real plant can. Equations: docs/simulator.md.
"""

from features.simulator.scenario import CLEAN, HARD, Scenario
from features.simulator.world import World
from features.simulator.writing import write_tables

__all__ = ["CLEAN", "HARD", "Scenario", "World", "write_tables"]
