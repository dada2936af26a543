"""Every valid evidence gets a declaration that agrees with its grade, by every reading."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qm_rules import Policy, load_pack
from serving.reports.blocks import Figure, Signature, Table
from serving.reports.declaration import declaration
from serving.reports.facts import facts_from_evidence
from serving.reports.page import to_html
from serving.reports.pdf import to_pdf
from tests.qm_rules.evidences import evidences
from tests.serving.reports import paper

READING = st.sampled_from(Policy().readings(load_pack().policies))
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(evidences(), READING)
@MANY
def test_every_valid_evidence_is_declared_or_is_a_draft(document, policy):
    facts = facts_from_evidence(document, policy=policy)
    made = declaration(facts)
    for part in made.parts:
        signed = any(isinstance(block, Signature) for block in part.blocks)
        assert signed == (facts.grade.level is not None)
        assert bool(part.draft) == (facts.grade.level is None)
        widths = {len(block.columns) for block in part.blocks if isinstance(block, Table)}
        assert widths
        for block in part.blocks:
            if isinstance(block, Table):
                assert all(len(row) == len(block.columns) for row in block.rows)
            if isinstance(block, Figure):
                assert block.alt
    assert facts.grade.evidence.sha256 in "".join(paper.content(made))
    assert to_html(made)


@given(evidences(), READING)
@FEW
def test_every_valid_evidence_can_be_printed(document, policy):
    made = declaration(facts_from_evidence(document, policy=policy))
    assert to_pdf(made) == to_pdf(made)
