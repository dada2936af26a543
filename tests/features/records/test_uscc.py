"""GB 32100: codes that stand on real letterheads pass, any single wrong character does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.records import sql
from features.records.reading.uscc import ALPHABET, WEIGHTS, valid_sql

REAL = ("91350100M000100Y43", "9144030071526726XG", "91440300708461136T", "91440300192185379H")
"""The example of the standard, and codes of companies in public registers."""


@pytest.fixture(scope="module")
def valid():
    with sql.connect({"threads": 1}) as connection:
        query = f"SELECT {valid_sql('code')} FROM (SELECT ?::VARCHAR AS code)"
        yield lambda code: connection.execute(query, [code]).fetchall()[0][0]


@pytest.mark.parametrize("code", REAL)
def test_real_codes(valid, code):
    assert valid(code)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y430", "91350100I000100Y43", "x" * 18]
)
def test_no_codes(valid, code):
    assert not valid(code)


@settings(deadline=None, max_examples=20)
@given(body=st.text(ALPHABET, min_size=17, max_size=17))
def test_exactly_one_check_character_fits(valid, body):
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    assert [char for char in ALPHABET if valid(body + char)] == [ALPHABET[-total % 31]]
