"""What people may write: texts, links, levels. Everything that is wrong is told at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.self_assessment import Answer, AssessmentRefused, Link, checks


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a?b=c#d", "HTTP://例子.中国/质量", "QM-2024-001", "C:\\docs\\q.pdf", "d:/q.pdf",
        "\\\\server\\share\\q.pdf", "/srv/docs/q.pdf", "ISO9001:2015", "GB/T 19580:2012", "见文件柜3",
    ],
)  # fmt: skip
def test_links_that_are_taken(link):
    assert checks.answer("qms", Answer(3, "so", (Link("title", link),))) == []


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "javascript:0", "data:text/html,<script>", "data:1",
        "vbscript:x", "file:///etc/passwd", "mailto:a@b.c", "https:", "https:///nohost", "http://[broken",
        "ws://x", "view-source:http://x", "", "  ", "java\tscript:alert(1)", "a\nb", "x" * 2_001,
        "evil\u202etxt",
    ],
)  # fmt: skip
def test_links_that_are_refused(link):
    assert checks.answer("qms", Answer(3, "so", (Link("title", link),)))


@given(st.text(max_size=30))
def test_only_web_addresses_ever_become_links_of_a_page(link):
    if checks.is_web_address(link):
        assert link.strip()[:4].lower() == "http"


def test_everything_that_is_wrong_is_told():
    wrong = Answer(9, " ", (Link("", "https://x.org"), Link("t" * 201, "javascript:alert(1)")))
    told = "\n".join(checks.answer("qms", wrong))
    for words in (
        "qms: level: found 9; allowed: a whole number from 1 to 5",
        "qms: justification: found nothing",
        "qms: evidence 1: title: found nothing",
        "qms: evidence 2: title: found 201 characters; allowed: at most 200",
    ):
        assert words in told


@pytest.mark.parametrize("level", [0, 6, True, 3.0, "3", None])
def test_levels_are_whole_numbers_from_1_to_5(level):
    assert checks.level("qms", level)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\ud800", "x" * 4_001, "", "\n"])
def test_texts_that_are_refused(text):
    assert checks.reason("why", text)


def test_a_justification_may_have_lines():
    assert checks.reason("why", "one\ntwo\t三") == []
    assert checks.name("by", "one\ntwo")


def test_too_much_evidence():
    links = tuple(Link("t", f"Q-{n}") for n in range(51))
    assert checks.answer("qms", Answer(3, "so", links)) == [
        "qms: found 51 pieces of evidence; allowed: at most 50"
    ]


def test_evidence_of_the_command_line():
    assert checks.parse_link(" a title | https://x.org/?a|b ") == Link("a title", "https://x.org/?a|b")
    with pytest.raises(AssessmentRefused, match=r"TITLE\|LINK"):
        checks.parse_link("https://x.org")
