"""The document as PDF, and drawings as pictures, by Typst: data goes in as JSON, never as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from serving.palette import LIGHT
from serving.reports.blocks import Document, Figure, Heading, Signature, Table, Text
from serving.reports.drawing.canvas import Drawing
from serving.reports.fonts import FAMILY, drawable, fonts

TEMPLATES = Path(__file__).with_name("typst")
DOTS_PER_INCH = 240
KINDS = {Heading: "heading", Text: "text", Table: "table", Figure: "figure", Signature: "signature"}
PALETTE = {role: value for role, value in LIGHT.items() if value.startswith("#")}
_LONG_RUN = re.compile(r"[!-~]{18,}")
BREAK_EVERY = 8


def to_pdf(document: Document) -> bytes:
    """Return the document as PDF; the same document gives the same bytes."""
    year, month, day = (int(part) for part in document.day.split("-"))
    data = {
        "title": document.parts[0].title,
        "author": document.name,
        "day": [year, month, day],
        "mark": document.mark,
        "watermark": "草稿 DRAFT",
        "dense": document.dense,
        "parts": [_part(part) for part in document.parts],
    }
    files = {"evidence": document.evidence, "answer": document.answer}
    return _compiled("declaration.typ", data, "pdf", files)[0]


def to_pictures(drawings: Sequence[Drawing]) -> list[bytes]:
    """Return every drawing as PNG with 4 points of white around it."""
    if not drawings:
        return []
    return _compiled("drawings.typ", {"drawings": [asdict(one) for one in drawings]}, "png")


def _compiled(
    template: str,
    data: Mapping[str, Any],
    kind: Literal["pdf", "png"],
    files: Mapping[str, str] = MappingProxyType({}),
) -> list[bytes]:
    from typst import compile as compiled

    text = json.dumps(_plain({**data, "font": FAMILY, "palette": PALETTE}), ensure_ascii=False)
    made = compiled(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format=kind,
        ppi=float(DOTS_PER_INCH) if kind == "png" else None,
        sys_inputs={"data": text, **files},
    )
    return made if isinstance(made, list) else [made]


def _part(part: Any) -> dict[str, Any]:  # noqa: ANN401 - blocks.Part
    fields = {
        name: getattr(part, name) for name in ("language", "title", "subtitle", "subject", "draft", "running")
    }
    return {**fields, "blocks": [_block(block) for block in part.blocks]}


def _block(block: Any) -> dict[str, Any]:  # noqa: ANN401 - blocks.Block
    more = {"has_head": block.has_head} if isinstance(block, Table) else {}
    return {"kind": KINDS[type(block)], **block._asdict(), **more}


def _plain(value: Any) -> Any:  # noqa: ANN401 - anything that blocks are made of
    """Return what JSON can hold, every text drawable by the font and with places where it may break."""
    if isinstance(value, str):
        return _LONG_RUN.sub(_breakable, drawable(value))
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _breakable(found: re.Match[str]) -> str:
    run = found.group()
    return "\u200b".join(run[start : start + BREAK_EVERY] for start in range(0, len(run), BREAK_EVERY))
