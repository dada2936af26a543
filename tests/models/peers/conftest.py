"""One small run of ours that several tests look at."""

import pytest

from models.learning.rolling import PanelRun, Settings, run_panel
from tests.models.peers.panels import panel_of, wandering


@pytest.fixture(scope="session")
def run() -> PanelRun:
    return run_panel(panel_of(wandering(1, plants=8)), Settings(refits=2))
