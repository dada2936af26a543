"""The five sectors: priors of every parameter. Signs are engineering sense; sizes are drawn per world."""

from features.simulator.sectors.chemicals import CHEMICALS
from features.simulator.sectors.electronics import ELECTRONICS
from features.simulator.sectors.food import FOOD
from features.simulator.sectors.machining import MACHINING
from features.simulator.sectors.textile import TEXTILE

SECTORS = (MACHINING, ELECTRONICS, FOOD, CHEMICALS, TEXTILE)

__all__ = ["SECTORS"]
