"""The improvement proposal over HTTP: a page in the reader's language, and files with Chinese names."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote

import docx
import httpx
import pypdfium2
import pytest

PAGE, FILES = "/proposals/E0002", "/proposal-files"


def test_an_enterprise_leads_to_its_proposal(site: httpx.Client) -> None:
    assert f'href="{PAGE}"' in site.get("/enterprises/E0002").text


@pytest.mark.parametrize(
    ("code", "title"), [("zh", "质量提升建议书"), ("en", "Quality Improvement Proposal")]
)
def test_the_page_speaks_the_readers_language(code: str, title: str, site: httpx.Client) -> None:
    answer = site.get(PAGE, params={"lang": code})
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text
    assert f'href="{FILES}/docx/E0002?lang={code}"' in answer.text
    assert f'href="{PAGE}?lang={"en" if code == "zh" else "zh"}"' in answer.text
    assert "<script" not in answer.text


def test_files_are_what_they_are_called(site: httpx.Client) -> None:
    for kind, read in (("docx", docx.Document), ("pdf", pypdfium2.PdfDocument)):
        answer = site.get(f"{FILES}/{kind}/E0002", params={"lang": "zh"})
        assert answer.status_code == 200
        name = unquote(answer.headers["content-disposition"].rpartition("''")[2])
        assert name.startswith("质量提升建议书_")
        assert name.endswith(f"_2024-12.{kind}")
        opened = read(BytesIO(answer.content))
        if kind == "pdf":
            opened.close()


def test_without_an_outlook_the_grade_part_stands(records_site: httpx.Client) -> None:
    text = records_site.get("/proposals/E0001", params={"lang": "en"}).text
    assert "No forecast and no recommendation has been published yet" in text
    assert "Official grade" in text


@pytest.mark.parametrize("path", ["/proposals/nobody", f"{FILES}/exe/E0002", f"{FILES}/pdf/nobody"])
def test_what_is_not_there_is_not_found(path: str, site: httpx.Client) -> None:
    assert site.get(path).status_code == 404
