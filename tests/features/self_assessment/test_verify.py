"""An assessment is what its changes make it: whatever is altered beside the journal shows."""

import json

import pytest
import sqlalchemy as sa

from features.self_assessment import Finding
from tests.features.self_assessment.conftest import TODAY


@pytest.fixture
def assessed(embedded):
    office = embedded
    name = office.filled(3)
    office.register.declare(name, "Li", "head", TODAY)
    office.register.review(name, "Zhang", "Certifiers", TODAY, {"data": Finding(2, "less")})
    office.begin("E2")
    assert office.register.verify().faults == ()
    return office


def alter(office, statement, **values):
    with office.register._engine.begin() as connection:
        connection.execute(sa.text(statement), values)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("qms.level", 5),
        ("data.found", 3),
        ("declared.by", "Wang"),
        ("state", "declared"),
        ("qms.why", None),
        ("new", 1),
    ],
)
def test_an_altered_assessment_shows(assessed, field, value):
    with assessed.register._engine.connect() as connection:
        text = connection.execute(
            sa.text("SELECT document FROM self_assessments WHERE id = 'SA-0001'")
        ).scalar_one()
    document = json.loads(text) | {field: value}
    if value is None:
        del document[field]
    alter(
        assessed,
        "UPDATE self_assessments SET document = :text WHERE id = 'SA-0001'",
        text=json.dumps(document),
    )
    faults = assessed.register.verify().faults
    assert [field in fault and fault.startswith("SA-0001 is not what") for fault in faults] == [True]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE self_assessments SET state = 'draft' WHERE id = 'SA-0001'", "the columns beside"),
        ("UPDATE self_assessments SET version = 1 WHERE id = 'SA-0001'", "the columns beside the document"),
        ("UPDATE self_assessments SET enterprise_id = 'E2'", "the columns beside the document"),
        ("UPDATE self_assessments SET document = '{' WHERE id = 'SA-0001'", "SA-0001 cannot be read"),
        ("DELETE FROM self_assessments WHERE id = 'SA-0001'", "SA-0001 is missing; its changes are there"),
        ("DELETE FROM changes WHERE subject = 'SA-0002'", "the chain ends with"),
        ("UPDATE changes SET who = 'Wang' WHERE field = 'declared.by'", "is not what was written"),
    ],
)  # fmt: skip
def test_meddling_with_the_tables_shows(assessed, statement, words):
    alter(assessed, statement)
    assert words in "; ".join(assessed.register.verify().faults)
