"""Facts that others computed, and small helpers that lay them out."""

import json
from pathlib import Path

import numpy as np
import pytest

from features.capability.samples import Samples
from tests.features.control_charts.plant_e import plant_e

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def qcc():
    """Data sets and results of R's qcc 2.7."""
    return json.loads((DATA / "qcc.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def nist():
    """Worked examples of the NIST/SEMATECH e-Handbook."""
    return json.loads((DATA / "nist.json").read_text("utf-8"))["cases"]


@pytest.fixture(scope="session")
def table_of_constants():
    return np.genfromtxt(DATA / "constants.csv", delimiter=",", names=True, skip_header=1)


@pytest.fixture(scope="session")
def piston_rings(qcc):
    """The 40 subgroups of five piston rings."""
    return lay_out([np.reshape(qcc["data"]["pistonrings"]["diameter"], (40, 5))]).groups


def lay_out(characteristics):
    """Return the samples of characteristics that are lists of subgroups."""
    subgroups = [np.asarray(group, dtype=float) for one in characteristics for group in one]
    sizes = [len(group) for group in subgroups]
    owners = np.repeat(np.arange(len(characteristics)), [len(one) for one in characteristics])
    return Samples(
        np.concatenate([*subgroups, np.zeros(0)]),
        np.repeat(owners, sizes).astype(int),
        np.repeat(np.arange(len(subgroups)), sizes),
        len(characteristics),
    )


@pytest.fixture(scope="session", name="lay_out")
def lay_out_fixture():
    return lay_out


@pytest.fixture(scope="session")
def tables():
    """Records of one plant whose charts can be worked out by hand; treat as read-only."""
    return plant_e()
