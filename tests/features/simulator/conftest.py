"""Worlds are drawn once per session: they are immutable."""

import pytest

from features.simulator import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(seed=11, enterprises=40, months=48)


@pytest.fixture(scope="session")
def tables(world):
    return world.tables()


@pytest.fixture(scope="session", params=["additive", "wear"])
def any_family(request) -> World:
    return World(seed=5, enterprises=24, months=36, family=request.param)
