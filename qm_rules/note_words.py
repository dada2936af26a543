"""Notes of a grade in words: the one place that the trace, the tables and the reports take them from."""

from __future__ import annotations

from collections.abc import Mapping

from qm_rules.notes import Note
from qm_rules.pack.contents import Pack
from qm_rules.words import NOTHING, Words, joined, label, same

NOTES = {
    "thin_evidence": Words(
        "证据偏少:单侧 95 % 置信界未达到该等级(等级按点值判定)",
        "thin evidence: the one-sided 95 % bound misses this level (the grade uses the point value)",
    ),
    "few_values": Words("测量值少于 {few_values} 个", "fewer than {few_values} values"),
    "too_few": Words(
        "测量值少于 {min_values} 个,Cpk 不予采信", "fewer than {min_values} values, the Cpk is inadmissible"
    ),
    "unstable": Words("过程不稳定,Cpk 不予采信", "the process is not stable, the Cpk is inadmissible"),
    "missing_months": Words("有月份缺数据,等级为暂定", "months are missing, the grade is provisional"),
    "short_window": Words(
        "窗口不足 {window_months} 个月,等级为暂定",
        "the window is shorter than {window_months} months, the grade is provisional",
    ),
    "no_key_marked": Words(
        "未标记关键特性,全部特性参与评价", "no characteristic is marked key, so all of them count"
    ),
    "uninspected_process": Words(
        "有工序在窗口内没有首次交验记录", "a process has no first submission in the window"
    ),
}


def note_words(note: Note, pack: Pack, policy: Mapping[str, str]) -> Words:
    """Return a note in words: its indicator, what is to be known, and where (product, process …)."""
    name = note.get("indicator")
    found = [value for key, value in note.items() if key not in ("code", "indicator")]
    where = ", ".join(label(value) for value in found if value)
    text = NOTES[str(note["code"])].fill(**policy)
    head = joined((pack.words(name), text), ":", ": ") if name else text
    return joined((head, same(f"({where})") if where else NOTHING), "", " ")
