"""Two small worlds that several tests look at."""

import pytest

from features.simulator import CLEAN, World
from models.judge.province import Province
from models.judge.truth import Truth


@pytest.fixture(scope="session")
def truth() -> Truth:
    return Truth(World(seed=5, enterprises=8, months=36), futures=8)


@pytest.fixture(scope="session")
def open_world() -> tuple[Province, Truth]:
    """Ten plants of one sector whose levers wander on their own and are read exactly."""
    world = World(seed=4, enterprises=10, months=40, scenario=CLEAN, sectors=["machining"])
    return Province.of(world), Truth(world, futures=8)
