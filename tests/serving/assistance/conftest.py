"""The planner's home written by hand, with options for two enterprises of Zhejiang."""

import pytest

from models.assistance.options import write
from models.outlook import FOLDER
from serving.access import Person, Role, Scope
from tests.models.assistance.helped import option, options
from tests.serving.planner.conftest import write_home
from tests.serving.province import clients


def helped():
    """`3301-0` (level 2) is at level 3 for sure with help, `3302-0` on two paths of four."""
    return options(
        [
            (option("3301-0", 2e5, fall=0.1), {3: [1, 2, 2, 2]}, {3: [1, 5, 0, 0]}),
            (option("3302-0", 1e5, known=False), {3: [2, 3, 0, 0]}),
        ]
    )


@pytest.fixture(scope="session")
def helped_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("assistance") / "home"
    write_home(home)
    write(home / FOLDER / "20260101T000000-hand", helped())
    return home


@pytest.fixture(scope="session")
def client_of(helped_home):
    """A client for a person, one server each."""
    with clients() as client_of:

        def client(*roles, everything=False, regions=(), enterprises=()):
            who = Person("li", frozenset(roles), Scope(frozenset(enterprises), tuple(regions), everything))
            return client_of(helped_home, who)

        yield client


@pytest.fixture(scope="session")
def national(client_of):
    return client_of(Role.ADMIN, everything=True)


@pytest.fixture(scope="session")
def regional(client_of):
    """Sees the numbers of a province, and nobody's actions."""
    return client_of(Role.PLANNER, regions=("33",))
