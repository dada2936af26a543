"""Help: complete in both languages, links that open, and every column that there is."""

import html
import re

import pytest

from features.records.schema import TABLES
from qm_rules import load_pack
from tests.serving.records.conftest import ENGINEER, PLANNER


@pytest.fixture(scope="module")
def places():
    return re.compile(r"<main.*</main>", re.DOTALL), re.compile(r'href="(/[^"#]*)')


@pytest.mark.parametrize("person", [ENGINEER, PLANNER], ids=lambda person: person.name)
def test_every_link_of_the_help_opens_for_whoever_reads_it(plant, places, person):
    client = plant.enter(person)
    main, link = places
    page = client.get("/help", headers={"accept-language": "en"}).text
    links = set(link.findall(main.search(page)[0]))
    assert "/help/tables" in links
    assert ("/import" in links) == (person is ENGINEER)
    for path in links:
        assert client.get(path).status_code == 200, path


def test_thresholds_are_those_of_the_document(plant):
    client = plant.enter(ENGINEER)
    page = html.unescape(client.get("/help", headers={"accept-language": "zh"}).text)
    pack = load_pack()
    assert pack.document in page
    for rule in pack.indicators.values():
        assert rule.quote in page
        assert rule.clause in page
    assert page.count("≥2.00") == page.count("≤3.4") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_is_explained(plant, language):
    page = plant.enter(ENGINEER).get("/help/tables", headers={"accept-language": language}).text
    for table in TABLES.values():
        section = page[page.index(f'id="{table.name}"') :].partition("</section>")[0]
        for column in table.columns:
            assert column.name in section
            assert column.zh in section
