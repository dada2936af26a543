"""The OpenAPI document against the running service: whatever it allows to be asked is answered as it says.

Every operation is asked with generated requests, right ones and wrong ones, over real HTTP: no server error,
no status, media type or shape that the document does not name. Paths are asked with ids of the simulated
province as well, so that the generator also meets what exists. `make test-slow` asks many more.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from tests.serving import province

pytestmark = pytest.mark.filterwarnings("ignore")  # the generator's own libraries warn
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENTERPRISES = st.sampled_from(["E0001", "E0002", "E0008", "E9999"])


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    app = create_app(province.with_model(tmp_path_factory), open_to=LOCAL_ADMINISTRATOR)
    with province.served(app) as url:
        yield schemathesis.openapi.from_url(f"{url}/openapi.json")


def broken(document, examples: int) -> dict[str, str]:
    """By operation what was answered otherwise than the document says, the shortest request that shows it."""
    found, operations = {}, [result.ok() for result in document.get_all_operations()]
    described = [one for methods in document.raw_schema["paths"].values() for one in methods]
    assert len(operations) == len(described) > 80, "every operation is asked, none is left out unseen"
    for operation in operations:
        try:
            ask(operation, examples)
        except Exception as error:  # every fault of every operation is to be seen at once
            found[operation.label] = str(error)[:1500]
    return found


def ask(operation, examples: int) -> None:
    quick = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @quick
    @given(case=operation.as_strategy(), name=ENTERPRISES, known=st.booleans())
    def asked(case, name, known):
        if known and "enterprise_id" in (case.path_parameters or {}):
            case.path_parameters["enterprise_id"] = name
        case.call_and_validate(checks=CHECKS, timeout=60)

    asked()


def test_every_operation_answers_as_the_document_says(document):
    assert not broken(document, 6)


@pytest.mark.slow
def test_every_operation_answers_so_many_times(document):
    assert not broken(document, 200)
