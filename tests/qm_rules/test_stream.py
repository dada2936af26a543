"""Many evidences, one a line; and the golden answer, to the byte."""

import json
from pathlib import Path

from qm_rules import Policy, canonical_json, grade, load_pack, parse_evidence
from qm_rules.answer_line import answer_line
from qm_rules.comparison import comparison
from qm_rules.stream import MAX_BYTES, answer_lines
from tests.qm_rules.evidences import capable, excellent, lost

GOLDEN = Path(__file__).parent / "golden"
ONE = json.dumps(excellent(), ensure_ascii=False).encode()


def answers(*lines):
    return list(answer_lines(lines, lambda evidence: answer_line(grade(evidence))))


def test_the_golden_answer_to_the_byte():
    """Issued grades must come out the same for ever: whoever changes these bytes changes the past."""
    evidence = parse_evidence((GOLDEN / "specification.evidence.json").read_bytes())
    golden = (GOLDEN / "specification.answer.json").read_bytes()
    assert f"{canonical_json(grade(evidence).to_dict())}\n".encode() == golden


def test_a_bad_line_stops_nothing():
    found = answers(ONE + b"\n", b"\n", b" \t\r\n", b"{}\r\n", b"\xff\n", ONE)
    assert [good for _, good in found] == [True, False, False, True]
    assert found[0] == found[3]
    assert [json.loads(text).get("line") for text, _ in found] == [None, 4, 5, None]
    assert found[1][0] == (
        '{"error":[{"allowed":"a non-empty text that UTF-8 can write","found":"nothing",'
        '"path":"enterprise_id"},{"allowed":"an object","found":"nothing","path":"window"}],"line":4}'
    )


def test_a_byte_order_mark_is_no_fault():
    assert answers(b"\xef\xbb\xbf" + ONE) == answers(ONE)


def test_a_line_separator_inside_a_text_is_no_new_line():
    line = (
        json.dumps(excellent(enterprise_id="E\u2028\x85\x0c1"), ensure_ascii=False)
        .replace("\x0c", "\\f")
        .encode()
    )
    ((text, good),) = answers(line)
    assert good
    assert json.loads(text)["enterprise_id"] == "E\u2028\x85\x0c1"
    assert "\n" not in text


def test_a_line_that_is_too_long_is_refused_unread():
    ((text, good),) = answers(b" " + b"x" * MAX_BYTES)
    assert not good
    assert json.loads(text)["error"][0]["path"] == "$"


def test_comparison_holds_every_reading_once_and_the_asked_one_first():
    hole = parse_evidence(excellent(capability=[capable("1.1")], losses=lost("20000", "20000")))
    found = comparison(hole, load_pack(), Policy())["readings"]
    assert len(found) == 12
    assert len({canonical_json(reading["policy"]) for reading in found}) == 12
    assert found[0]["policy"] == {
        "aggregation": "lowest",
        "level2_loss": "tracked",
        "sigma_method": "printed",
    }
    levels = {(r["policy"]["aggregation"], r["policy"]["level2_loss"]): r["level"] for r in found}
    assert levels["lowest", "tracked"] == 2
    assert levels["lowest", "literal"] == 1
    assert levels["lower_median", "literal"] == 5
    fixed = comparison(hole, load_pack(), Policy(level2_loss="literal"))["readings"]
    assert {reading["policy"]["level2_loss"] for reading in fixed} == {"literal"}
    assert len(fixed) == 6
