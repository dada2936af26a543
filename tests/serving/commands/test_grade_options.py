"""`zhuoyue grade` with an edition, a trace, a language, a comparison, a past answer: as a user runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qm_rules import canonical_json, grade, load_pack, parse_evidence
from qm_rules.trace import trace
from serving.main import build_app
from tests.qm_rules.evidences import capable, delivered, excellent, lost

GOLDEN = Path(__file__).parents[2] / "qm_rules" / "golden"
EVIDENCE = str(GOLDEN / "specification.evidence.json")
ANSWER = GOLDEN / "specification.answer.json"
HOLE = excellent(capability=[capable("1.1")], losses=lost("20000", "20000"))


def zhuoyue(*words):
    return CliRunner().invoke(build_app(), ["grade", *words])


@pytest.fixture
def hole(tmp_path):
    file = tmp_path / "hole.json"
    file.write_text(json.dumps(HOLE), encoding="utf-8")
    return str(file)


def is_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


# --- editions


@pytest.mark.parametrize(
    "words",
    [["--edition", "miit-2023-249"], ["--in-force-on", "2023-12-12"], ["--in-force-on", "9999-12-31"], []],
)
def test_an_edition_by_id_or_by_day(words):
    done = zhuoyue("--evidence", EVIDENCE, *words)
    assert (done.exit_code, done.stdout) == (0, ANSWER.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--edition", "miit-2024"], "'miit-2024'; allowed: miit-2023-249"),
        (["--edition", "../editions"], "allowed: miit-2023-249"),
        (["--edition", ""], "allowed: miit-2023-249"),
        (["--in-force-on", "2023-12-11"], "2023-12-11; allowed: 2023-12-12 or later"),
        (["--in-force-on", "2023-13-01"], "allowed: a day YYYY-MM-DD"),
        (["--in-force-on", "20231212"], "allowed: a day YYYY-MM-DD"),
        (["--in-force-on", "2023-W50-2"], "allowed: a day YYYY-MM-DD"),
        (["--in-force-on", "2024-01-01", "--edition", "miit-2023-249"], "allowed: one of the two"),
        (["--trace", "--compare"], "allowed: one of the two"),
    ],
)
@pytest.mark.parametrize("where", ["file", "store"])
def test_what_is_not_there_is_refused_with_what_is_allowed(words, message, where, tmp_path, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_HOME", str(tmp_path))
    done = zhuoyue(*(["--evidence", EVIDENCE] if where == "file" else []), *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_bytes_that_are_no_text_in_an_argument_are_refused_in_words():
    done = zhuoyue("--evidence", EVIDENCE, "--policy", "aggregation=\udcff")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "lower_median" in done.stderr


# --- traces


def test_a_trace_is_the_answer_and_the_trace_in_canonical_json():
    done = zhuoyue("--evidence", EVIDENCE, "--trace", "--policy", "sigma_method=formula")
    found = json.loads(done.stdout)
    result = grade(parse_evidence(Path(EVIDENCE).read_bytes()), policy=None)
    assert list(found) == ["answer", "trace"]
    assert found["answer"]["policy"]["sigma_method"] == "formula"
    assert [line["id"] for line in found["trace"]["lines"]] == list(result.own)
    assert done.stdout == canonical_json(found) + "\n"
    plain = json.loads(zhuoyue("--evidence", EVIDENCE, "--trace").stdout)
    assert plain == {"answer": result.to_dict(), "trace": trace(result).to_dict()}


def test_a_trace_to_read_is_chinese_first_and_english_second():
    text = zhuoyue("--evidence", EVIDENCE, "--trace", "--format", "table").stdout
    pack = load_pack()
    for part in (
        "180 × 10⁶ ÷ 1 000 000 = 180",
        "附件·保证级",
        "Annex, Assurance",
        pack.governs.zh,
        pack.governs.en,
    ):
        assert part in text
    assert text.index("达到预防级") < text.index("reaches Prevention")
    english = zhuoyue("--evidence", EVIDENCE, "--trace", "--format", "table", "--language", "en").stdout
    assert "reaches Prevention" in english
    assert "达到预防级" not in english
    assert text.endswith(english)


def test_traces_of_many_lines(tmp_path):
    file = tmp_path / "some.jsonl"
    file.write_text(f"{json.dumps(HOLE)}\n{{}}\n{json.dumps(excellent())}\n", encoding="utf-8")
    done = zhuoyue("--evidence", str(file), "--trace")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.exit_code, [sorted(one) for one in found]) == (
        2,
        [["answer", "trace"], ["error", "line"], ["answer", "trace"]],
    )


# --- languages


def test_a_grade_in_english_has_no_chinese():
    done = zhuoyue("--evidence", EVIDENCE, "--format", "table", "--language", "en")
    assert done.exit_code == 0
    assert "Assurance (3) · final" in done.stdout
    assert "Still needed for Prevention" in done.stdout
    assert not is_chinese(done.stdout)


def test_a_grade_in_both_is_chinese_first():
    both = zhuoyue("--evidence", EVIDENCE, "--format", "table", "--language", "both").stdout
    chinese, english = (
        zhuoyue("--evidence", EVIDENCE, "--format", "table", "--language", one).stdout for one in ("zh", "en")
    )
    assert both == f"{chinese}\n{english}"
    assert chinese == zhuoyue("--evidence", EVIDENCE, "--format", "table").stdout


def test_an_unknown_language_is_refused():
    done = zhuoyue("--evidence", EVIDENCE, "--language", "fr")
    assert done.exit_code == 2
    assert all(one in done.stderr for one in ("'zh'", "'en'", "'both'"))


# --- comparisons


@pytest.mark.parametrize(
    ("language", "mark", "by"),
    [
        ("zh", "经验级(1) · 最终", "检验级损失率:内部质量损失率、外部质量损失率"),
        ("en", "Experience (1) · final", "level-2 loss rates: Internal"),
    ],
)
def test_a_comparison_marks_what_would_change_and_by_what(language, mark, by, hole):
    done = zhuoyue("--evidence", hole, "--compare", "--format", "table", "--language", language)
    rows = done.stdout.splitlines()
    changed = [row for row in rows if row.startswith("≠ ")]
    assert len([row for row in changed if mark in row]) == 4
    assert any(by in row for row in changed)
    assert "/12" in done.stdout or "of 12" in done.stdout


def test_a_comparison_in_json_says_it_too(hole):
    found = json.loads(zhuoyue("--evidence", hole, "--compare").stdout)["readings"]
    assert [reading["changed"] for reading in found].count(True) == 8
    assert found[2]["changed_by"] == ["internal_loss", "external_loss"]


# --- a past answer


def test_a_past_answer_comes_out_again_to_the_byte():
    done = zhuoyue("--evidence", EVIDENCE, "--reissue", str(ANSWER))
    assert (done.exit_code, done.stdout) == (0, ANSWER.read_text(encoding="utf-8"))


def test_what_differs_is_said_and_nothing_is_printed(tmp_path):
    answer = json.loads(ANSWER.read_text(encoding="utf-8"))
    answer["level"], answer["pack"]["sha256"] = 4, "0" * 64
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    other = tmp_path / "evidence.json"
    other.write_text(json.dumps(excellent(deliveries=delivered(1, 2))), encoding="utf-8")
    done = zhuoyue("--evidence", str(other), "--reissue", str(file))
    assert (done.exit_code, done.stdout) == (2, "")
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["evidence_sha256", "pack.sha256"]
    assert load_pack().sha256[:40] in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--evidence", EVIDENCE, "--reissue", "no such file.json"], "no such file.json"),
        (["--evidence", "no such file.json", "--reissue", str(ANSWER)], "no such file.json"),
        (["--evidence", str(ANSWER), "--reissue", str(ANSWER)], "an unknown key"),
        (["--evidence", EVIDENCE, "--reissue", EVIDENCE], "evidence_sha256: found nothing"),
        (["--reissue", str(ANSWER)], "needed: the evidence"),
        (["--evidence", EVIDENCE, "--reissue", str(ANSWER), "--compare"], "the answer names all else"),
        (["--evidence", EVIDENCE, "--reissue", str(ANSWER), "--policy", "min_values=30"], "names all else"),
    ],
)
def test_what_cannot_be_issued_again(words, message):
    done = zhuoyue(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
