"""Documents and files that several tests of the reports look at, each made once."""

from __future__ import annotations

from typing import Any

import pytest

from features.settings import Settings
from features.store import Store
from serving.reports.blocks import Document
from serving.reports.declaration import declaration
from serving.reports.facts import Facts, facts_from_evidence, facts_from_store
from serving.reports.pdf import to_pdf
from tests.serving.reports import cases

MADE: dict[str, Any] = {
    "whole": cases.whole,
    "provisional": cases.provisional,
    "incomplete": cases.incomplete,
    "hostile": cases.hostile,
}


@pytest.fixture(scope="session", params=list(MADE))
def case(request: pytest.FixtureRequest) -> tuple[str, Document, bytes]:
    """Every case: its name, its document, its PDF."""
    document = declaration(facts_from_evidence(MADE[request.param]()))
    return request.param, document, to_pdf(document)


@pytest.fixture(scope="session")
def store_facts(records_home: Settings) -> Facts:
    """The facts of one simulated enterprise with charts."""
    with Store.open(records_home) as store:
        return facts_from_store(store, "E0001", settings=records_home)
