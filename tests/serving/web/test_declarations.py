"""The declaration over HTTP: a page that prints, and files with Chinese names."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote

import docx
import httpx
import openpyxl
import pypdfium2
import pytest

from serving.web import declarations
from serving.web.declarations import disposition

PAGE, FILES = "/declarations/E0001", "/declaration-files"


def test_an_enterprise_leads_to_its_declaration(records_site: httpx.Client) -> None:
    assert f'href="{PAGE}"' in records_site.get("/enterprises/E0001").text


def test_the_page_lets_in_its_own_styles_and_nothing_else(records_site: httpx.Client) -> None:
    answer = records_site.get(PAGE)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    for kind in declarations.KINDS:
        assert f'href="{FILES}/{kind}/E0001"' in answer.text


def test_links_keep_the_month(records_site: httpx.Client) -> None:
    answer = records_site.get(PAGE, params={"as_of": "2024-06"})
    assert "2023年7月至2024年6月" in answer.text
    assert f'href="{FILES}/pdf/E0001?as_of=2024-06"' in answer.text


@pytest.mark.parametrize("kind", declarations.KINDS)
def test_files_are_what_they_are_called(kind: str, records_site: httpx.Client) -> None:
    answer = records_site.get(f"{FILES}/{kind}/E0001")
    assert answer.status_code == 200
    name = unquote(answer.headers["content-disposition"].rpartition("''")[2])
    assert name.startswith("制造业企业质量管理能力等级自我声明_")
    assert name.endswith(f"_2024-12.{kind}")
    read = {"pdf": pypdfium2.PdfDocument, "docx": docx.Document, "xlsx": openpyxl.load_workbook}[kind]
    opened = read(BytesIO(answer.content))
    if kind == "pdf":
        assert len(opened) > 10
        opened.close()


@pytest.mark.parametrize(
    "path",
    [
        "/declarations/nobody",
        f"{FILES}/exe/E0001",
        f"{FILES}/pdf/nobody",
        "/declarations/E0001?as_of=2024-13",
        f"{FILES}/pdf/..%2F..%2Fetc%2Fpasswd",
    ],
)
def test_what_is_not_there_is_not_found(path: str, records_site: httpx.Client) -> None:
    assert records_site.get(path).status_code == 404


def test_a_crowd_is_told_to_wait(records_site: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declarations, "PATIENCE_SECONDS", 0.05)
    taken = [declarations._turns.acquire() for _ in range(declarations.AT_ONCE)]
    try:
        answer = records_site.get(f"{FILES}/pdf/E0001")
    finally:
        for _ in taken:
            declarations._turns.release()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


def test_a_hostile_name_cannot_leave_the_header() -> None:
    made = disposition('a"; filename=evil.exe\r\nSet-Cookie: x/../\\b.pdf', "pdf")
    assert "\r" not in made
    assert "\n" not in made
    assert made.count('"') == 2
    assert unquote(made.rpartition("''")[2]).count("/") == 0
