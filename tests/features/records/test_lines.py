"""The line of a row is the line on which an editor shows it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.records.reading import lines
from features.records.reading.lines import line_at, lines_of

CELLS = st.text(st.sampled_from('ab"\n, '), max_size=6)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=12),
    blanks=st.lists(st.integers(0, 2), min_size=12, max_size=12),
    chunk=st.integers(1, 40),
)
def test_lines_of(tmp_path_factory, rows, blanks, chunk):
    text, starts, line = "h1,h2\n", [], 2
    for row, blank in zip(rows, blanks, strict=False):
        text, line = text + "\n" * blank, line + blank
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
        starts.append(line)
        text, line = text + out.getvalue(), line + out.getvalue().count("\n")
    path = tmp_path_factory.mktemp("lines") / "f.csv"
    path.write_text(text, newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", chunk)
        assert lines_of(path, range(len(starts)), 1, False) == dict(enumerate(starts))


def test_line_at(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"a\nbc\nd")
    assert [line_at(path, byte) for byte in (0, 2, 3, 5)] == [1, 2, 2, 3]
