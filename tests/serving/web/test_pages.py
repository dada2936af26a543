"""The pages over real HTTP: what a reader finds on them, in both languages, at every stage of a home."""

from __future__ import annotations

import html
import json
import re

import pytest

from features.evidence import evidence_with_notes
from features.store import Store
from models.outlook import Outlook
from qm_rules import grade, parse_evidence
from serving.web.language import language
from tests.serving.province import ENTERPRISES

ZH, EN = language("zh"), language("en")
LANGUAGES = {"zh": ZH, "en": EN}


def words(page: str) -> str:
    text = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture(scope="session")
def grades(full_home):
    with Store.open(full_home) as store:
        files = evidence_with_notes(store)
    return {
        document["enterprise_id"]: grade(parse_evidence(document), notes=notes) for document, notes in files
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_overview_has_every_enterprise_with_its_official_level(site, grades, code):
    page = site.get("/", params={"lang": code}).text
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, flags=re.DOTALL)
    assert len(rows) == ENTERPRISES
    for enterprise_id, found in grades.items():
        row = next(row for row in rows if f"/enterprises/{enterprise_id}" in row)
        expected = LANGUAGES[code](f"level.{found.level}" if found.level else "level.none")
        assert expected in words(row)


def test_the_distribution_counts_the_levels(site, grades):
    page = site.get("/", params={"lang": "en"}).text
    for level in range(1, 6):
        name = EN(f"level.{level}")
        count = sum(found.level == level for found in grades.values())
        assert f"{name} {count} " in words(page)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_enterprise_page_says_the_grade_and_each_indicator(site, grades, code):
    t = LANGUAGES[code]
    for enterprise_id, found in grades.items():
        text = words(site.get(f"/enterprises/{enterprise_id}", params={"lang": code}).text)
        assert t(f"level.{found.level or found.at_most}") in text
        for name in (*found.indicators, *found.items):
            assert t(f"item.{name}") in text


def test_charts_carry_the_published_numbers(site, full_home):
    page = site.get("/enterprises/E0002").text
    rows = [row for row in Outlook.load(full_home).forecasts("E0002", "ftq") if row["product_id"] is None]
    figure = json.loads(re.search(r'id="fan-ftq-data">(.*?)</script>', page, re.DOTALL).group(1))
    means = figure["data"][2]["y"]
    assert means[-12:] == [row["mean"] for row in sorted(rows, key=lambda row: row["horizon"])]


def test_the_last_known_value_is_the_records_own(site, full_home):
    from features.model_table import build_model_table

    with Store.open(full_home) as store:
        frame = build_model_table(store, enterprise_ids=["E0002"]).frame
    known = frame.loc[frame["product_id"] == "", "ftq"].dropna().iloc[-1]
    page = site.get("/enterprises/E0002").text
    figure = json.loads(re.search(r'id="fan-ftq-data">(.*?)</script>', page, re.DOTALL).group(1))
    assert [value for value in figure["data"][3]["y"] if value is not None][-1] == pytest.approx(known)


def test_every_chart_has_words_beside_it(site):
    page = site.get("/enterprises/E0001", params={"lang": "en"}).text
    charts = re.findall(r'<div class="chart[^>]*role="img" aria-label="([^"]+)"', page)
    assert len(charts) == page.count("data-figure=") >= 5
    assert all(len(label) > 40 for label in charts)


def test_drivers_say_that_they_are_not_advice(site):
    for code, t in LANGUAGES.items():
        assert t("drivers.warning") in words(site.get("/enterprises/E0001", params={"lang": code}).text)


def test_the_driver_tabs_change_the_target(site):
    page = site.get("/enterprises/E0001?target=cpk&lang=en").text
    assert re.search(r'target=cpk#drivers" aria-current="true"', page)
    assert re.search(r"Process capability Cpk is forecast at", page)


def test_advice_or_the_reason_why_there_is_none(site, full_home):
    seen = set()
    for enterprise_id in (f"E{i:04d}" for i in range(1, ENTERPRISES + 1)):
        rows = Outlook.load(full_home).recommendations(enterprise_id)
        text = words(site.get(f"/enterprises/{enterprise_id}", params={"lang": "en"}).text)
        ranked = [row for row in rows if row["rank"] is not None]
        seen.add(bool(ranked))
        if ranked:
            assert EN(f"confidence.{ranked[0]['confidence']}") in text
        else:
            assert "Nothing trustworthy to recommend here: " in text
    assert True in seen


def test_reasons_are_told_in_the_readers_language(site, full_home):
    for row in Outlook.load(full_home).recommendations():
        if row["rank"] is None:
            text = words(site.get(f"/enterprises/{row['enterprise_id']}", params={"lang": "zh"}).text)
            assert "目前没有可信的建议：" in text
            assert row["reason"] not in text


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_language_switch_is_remembered(full_home, site, lang, tag):
    chosen = site.get("/", params={"lang": lang})
    cookie = chosen.headers["set-cookie"]
    assert f"lang={lang}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    site.cookies.clear()
    later = site.get(
        "/enterprises/E0001",
        headers={"cookie": f"lang={lang}"},
    )
    assert f'<html lang="{tag}">' in later.text


def test_the_browsers_language_is_heard(site):
    site.cookies.clear()
    assert '<html lang="en">' in site.get("/", headers={"accept-language": "en-GB,en;q=0.9"}).text
    assert '<html lang="zh-CN">' in site.get("/", headers={"accept-language": "zh-TW"}).text


def test_the_switch_keeps_the_rest_of_the_address(site):
    page = site.get("/?q=E000&sort=level&order=desc&lang=en").text
    href = html.unescape(re.search(r'class="language" href="([^"]+)"', page).group(1))
    assert href == "/?q=E000&sort=level&order=desc&lang=zh"


def shown(site, **query) -> list[str]:
    page = site.get("/", params={"lang": "en", **query}).text
    return re.findall(r'<th scope="row"><a href="/enterprises/(E\d+)"', page)


def test_search_filter_and_sort(site, grades):
    assert shown(site, q="e0003") == ["E0003"]
    assert shown(site, q="nobody at all") == []
    for level in range(1, 6):
        assert set(shown(site, level=level)) == {e for e, found in grades.items() if found.level == level}
    levels = [grades[enterprise].level for enterprise in shown(site, sort="level", order="desc")]
    graded = [level for level in levels if level]
    assert graded == sorted(graded, reverse=True)
    assert levels[: len(graded)] == graded
    assert shown(site, sort="nonsense") == shown(site)


def test_without_records_the_first_steps_are_shown(empty_site):
    text = words(empty_site.get("/", params={"lang": "en"}).text)
    for command in ("zhuoyue template", "zhuoyue import", "zhuoyue train"):
        assert command in text


def test_without_a_model_the_grade_stands_and_training_is_suggested(records_site, grades):
    overview = words(records_site.get("/", params={"lang": "en"}).text)
    assert "zhuoyue train" in overview
    text = words(records_site.get("/enterprises/E0001", params={"lang": "en"}).text)
    assert EN(f"level.{grades['E0001'].level}") in text
    assert EN("forecast.none") in text
    assert EN("drivers.none") in text
    assert EN("actions.none.outlook") in text
    assert "zhuoyue train" in text


def test_a_missing_page_says_so_in_words(site):
    for code, t in LANGUAGES.items():
        response = site.get("/enterprises/E9999", params={"lang": code})
        assert response.status_code == 404
        assert t("missing.title") in words(response.text)


def test_assets_are_kept_for_a_year_and_compressed(site):
    page = site.get("/enterprises/E0001").text
    urls = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', page))
    assert any("plotly.min.js" in url for url in urls)
    for url in urls:
        response = site.get(url)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-encoding"] == "gzip"
        again = site.get(url, headers={"if-none-match": response.headers["etag"]})
        assert again.status_code == 304
    assert "immutable" not in site.get("/assets/page.css?v=old").headers["cache-control"]


def test_the_reference_loads_nothing_from_elsewhere(site):
    page = site.get("/docs").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "swagger-ui.js" in page


def test_a_page_is_valid_enough_for_a_screen_reader(site):
    for path in ("/", "/enterprises/E0001", "/docs"):
        page = site.get(path).text
        assert page.count("<h1") == 1
        for landmark in ("<header", "<main", "<footer", "<nav"):
            assert landmark in page
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        for reference in re.findall(r'aria-labelledby="([^"]+)"', page):
            assert reference in ids
        for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL):
            assert "<caption" in table
            assert 'scope="col"' in table
            assert 'scope="row"' in table
