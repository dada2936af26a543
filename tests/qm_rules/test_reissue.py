"""A past grade comes out again to the byte, or the refusal names what differs."""

import copy
import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qm_rules import Policy, grade, load_pack, parse_evidence
from qm_rules.answer_line import answer_line
from qm_rules.reissue import ReissueError, reissue
from tests.qm_rules.editions import ID, copied, replace
from tests.qm_rules.evidences import delivered, evidences, excellent

READINGS = Policy().readings(load_pack().policies)
NOTE = {"code": "uninspected_process", "indicator": "ftq", "product_id": "P1", "process_id": "20"}
CAREFUL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def issued(document=None, policy=None, notes=(), pack=None):
    evidence = parse_evidence(document or excellent())
    return evidence, grade(evidence, pack=pack, policy=Policy(**(policy or {})), notes=notes)


def refusal(evidence, answer, **where):
    with pytest.raises(ReissueError) as refused:
        reissue(evidence, answer, **where)
    return [(fault.path, fault.found) for fault in refused.value.faults]


@CAREFUL
@given(evidences(), st.sampled_from(READINGS), st.sampled_from([(), (NOTE,)]))
def test_any_grade_comes_out_again_to_the_byte(document, policy, notes):
    evidence = parse_evidence(document)
    line = answer_line(grade(evidence, policy=policy, notes=notes))
    again = reissue(parse_evidence(json.dumps(document)), line.encode())
    assert answer_line(again) == line
    assert answer_line(reissue(evidence, json.loads(line))) == line


def test_settings_other_than_readings_are_taken_from_the_answer_too():
    evidence, answer = issued(policy={"few_values": "20000", "min_values": "30"})
    assert answer_line(reissue(evidence, answer_line(answer))) == answer_line(answer)
    assert answer.notes


def test_an_old_edition_is_found_by_its_id_though_a_newer_one_is_in_force(tmp_path):
    editions = copied(tmp_path)
    shutil.copytree(editions / ID, editions / "next")
    replace(editions / "next" / "edition.yaml", f"id: {ID}", "id: next")
    replace(editions / "next" / "edition.yaml", 'in_force_from: "2023', 'in_force_from: "2033')
    evidence, old = issued()
    _, new = issued(pack=load_pack("next", editions))
    assert old.book.pack.id != new.book.pack.id == load_pack(folder=editions).id
    for answer in (old, new):
        assert answer_line(reissue(evidence, answer_line(answer), folder=editions)) == answer_line(answer)


def test_another_evidence_is_named_by_its_hash():
    evidence, answer = issued()
    other, _ = issued(excellent(enterprise_id="E2"))
    assert refusal(other, answer_line(answer)) == [
        ("evidence_sha256", f'"{evidence.sha256[:60]}" … (64 characters)')
    ]


def test_an_edited_edition_is_named_by_its_hash(tmp_path):
    editions = copied(tmp_path)
    replace(editions / ID / "targets.yaml", "# Newly", "# newly")
    evidence, answer = issued()
    assert [path for path, _ in refusal(evidence, answer_line(answer), folder=editions)] == ["pack.sha256"]


def change(answer, path, value):
    document = copy.deepcopy(answer.to_dict())
    *way, last = path
    at = document
    for key in way:
        at = at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "faults"),
    [
        (("pack", "id"), "miit-1999", [("pack.id", '"miit-1999"')]),
        (("pack",), ..., [("pack.id", "nothing")]),
        (("pack", "sha256"), ..., [("pack.sha256", "nothing")]),
        (("policy",), ..., [("policy", "nothing")]),
        (("policy", "aggregation"), "mean", [("policy.aggregation", '"mean"')]),
        (("policy", "aggregation"), ..., [("policy.aggregation", "nothing")]),
        (("policy", "weights"), "equal", [("policy.weights", "a policy that the edition does not know")]),
        (("evidence_sha256",), None, [("evidence_sha256", "null")]),
        (("level",), 4, [("level", "4")]),
        (("level",), 5.0, [("level", "5.0")]),
        (("status",), "provisional", [("status", '"provisional"')]),
        (("dimensions", "system"), True, [("dimensions.system", "true")]),
        (("indicators", "sigma", "exact"), "0/2", [("indicators.sigma.exact", '"0/2"')]),
        (("gaps",), [{"to_level": 6}], [("gaps[0]", "an object with 1 keys")]),
        (("binding",), [], [(f"binding[{i}]", "nothing") for i in range(14)]),
        (
            ("notes",),
            [{"code": "thin_evidence", "indicator": "cpk"}],
            [("notes[0]", "an object with 2 keys")],
        ),
        (("notes",), [{**NOTE, "product_id": 5}], [("notes[0]", "an object with 4 keys")]),
        (("notes",), "none", [("notes", '"none"')]),
        (("signature",), "x", [("signature", '"x"')]),
        (("enterprise_id",), ..., [("enterprise_id", "nothing")]),
    ],
)
def test_whatever_differs_is_named(path, value, faults):
    evidence, answer = issued()
    assert refusal(evidence, change(answer, path, value)) == faults


def test_all_differences_are_named_together():
    evidence, answer = issued()
    document = change(answer, ("policy", "aggregation"), "mean")
    document["pack"]["sha256"] = "0" * 64
    document["evidence_sha256"] = "0" * 64
    assert [path for path, _ in refusal(evidence, document)] == [
        "evidence_sha256",
        "pack.sha256",
        "policy.aggregation",
    ]


@pytest.mark.parametrize(
    "answer", [b"\xff", b"{", b"[]", b"null", b"{}", b'{"pack":1,"policy":[]}', "\ud800", 5, None]
)
def test_what_is_no_answer_is_refused(answer):
    evidence, _ = issued()
    assert refusal(evidence, answer)


def test_a_key_twice_is_refused():
    evidence, answer = issued()
    line = answer_line(answer)
    twice = line.replace('"level":5,"level_id"', '"level":4,"level":5,"level_id"')
    assert twice != line
    assert refusal(evidence, twice) == [("level", "the key more than once")]


def test_a_better_answer_than_the_evidence_gives_is_refused():
    evidence, _ = issued(excellent(deliveries=delivered(300, 10**6)))
    _, better = issued()
    document = {**better.to_dict(), "evidence_sha256": evidence.sha256}
    paths = [path for path, _ in refusal(evidence, document)]
    assert {"level", "level_id", "level_name", "at_most", "indicators.sigma.level"} <= set(paths)
