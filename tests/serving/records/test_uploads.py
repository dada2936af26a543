"""Uploads: streamed to the disk, looked at, decided on; as forms, by API, and as jobs that may be killed."""

import html
import io
import os
import re
import zipfile

import pytest
import sqlalchemy as sa

from features.store import ledger
from features.store.database import open_database
from features.store.permits import EVERYTHING
from serving.jobs import kinds
from serving.jobs.register import listed
from serving.jobs.task import JobRefused, Task
from serving.records import work
from serving.records.receiving import bare_name
from serving.records.uploads import MOST_WAITING, State, Uploads
from tests.serving.records.conftest import ENGINEER, NEIGHBOUR, PLANNER

VALUES = b"enterprise_id,period,amount\n"
PATH = "/api/v1/imports"
FORM = "multipart/form-data; boundary=x"


def one(content, name="output_values.csv"):
    return [("files", (name, content))]


def text(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def sent(client, files):
    answer = client.post("/import", files=files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_plain_form_brings_files_looks_and_imports(house, rows, files):
    client = house.enter()
    assert 'enctype="multipart/form-data"' in client.get("/import").text
    rows = {name: rows[name] for name in ("enterprises", "output_values")}
    place = sent(client, files(rows))
    assert "3 new rows are ready" in text(client.get(place, headers={"accept-language": "en"}))
    assert house.imports() == 0
    assert client.post(f"{place}/confirm").headers["location"] == place
    assert "What came in" in text(client.get(place, headers={"accept-language": "en"}))
    assert {table: len(house.rows(table)) for table in rows} == {t: len(found) for t, found in rows.items()}
    assert client.post(f"{place}/confirm").status_code == 303  # twice imports once
    assert house.imports() == 1
    assert not list((house.settings.home / "uploads").iterdir())
    assert not list((house.settings.home / "arriving").iterdir())


def test_faults_are_marked_in_their_cells_with_what_is_allowed(plant):
    client = plant.enter(ENGINEER)
    content = VALUES + b"A,2026-13,1.234\nA,2026-04,5\nB,2026-04,5\n"
    place = sent(client, one(content))
    for language, period, not_yours in (
        ("en", "allowed: a month, YYYY-MM", "an enterprise whose records you may bring"),
        ("zh", "允许：月份，YYYY-MM", "您有权导入数据的企业"),
    ):
        page = client.get(place, headers={"accept-language": language}).text
        cells = re.findall(r'<td class="cell-bad".*?</td>', page, re.DOTALL)
        assert [re.search("<strong>(.*?)</strong>", cell)[1] for cell in cells] == ["2026-13", "1.234", "B"]
        assert period in cells[0]
        assert not_yours in cells[2]
        assert "/confirm" not in page
    told = client.get(f"{place}/faults.csv")
    assert told.headers["content-type"].startswith("text/csv")
    assert told.text.count("\n") == 4
    client.post(f"{place}/confirm")  # by hand, though the page offers none
    assert plant.imports() == 1


def test_conflicts_show_old_and_new_and_wait_for_a_decision(plant):
    client = plant.enter(ENGINEER)
    place = sent(client, one(VALUES + b"A,2026-03,5\n"))
    cell = re.search(r'<td class="cell-conflict".*?</td>', client.get(place).text, re.DOTALL)[0]
    assert re.search(r"<del>.*100000\.00</del> <ins>.*5\.00</ins>", cell)
    client.post(f"{place}/confirm", data={"on_conflict": "report"})
    assert str(plant.rows("output_values")[0]["amount"]) == "100000.00"
    client.post(f"{place}/confirm", data={"on_conflict": "replace"})
    assert str(plant.rows("output_values")[0]["amount"]) == "5.00"


def test_cells_are_text_for_the_page_and_for_a_spreadsheet(plant):
    client = plant.enter()
    content = b'enterprise_id,period,amount\n<script>alert(1)</script>,=1+1,"<img src=x>"\n'
    place = sent(client, one(content, "<b>=output_values.csv"))
    page = client.get(place).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>=" not in page
    place = sent(client, one(content))
    assert "<img" not in client.get(place).text
    told = client.get(f"{place}/faults.csv").text
    assert not re.search(r'(^|,)"?[=+@]', told, re.MULTILINE)


def test_an_upload_is_seen_by_who_brought_it(plant):
    place = sent(plant.enter(ENGINEER), one(VALUES + b"A,2026-04,5\n"))
    others = plant.enter(NEIGHBOUR)
    for method, path in (
        ("GET", place),
        ("POST", f"{place}/confirm"),
        ("GET", f"{place}/faults.csv"),
        ("POST", f"{place}/remove"),
        ("GET", place.replace("/import", PATH)),
        ("POST", place.replace("/import", PATH)),
        ("DELETE", place.replace("/import", PATH)),
    ):
        assert others.request(method, path).status_code == 404
    assert others.get(PATH).json()["total"] == 0
    assert plant.enter(PLANNER).get("/import").status_code == 403
    assert plant.imports() == 1


def test_the_api_imports_files_at_once_or_says_why_not(plant):
    client = plant.enter()
    refused = client.post(PATH, files=one(VALUES + b"A,2026-13,5\n"))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["file"] == "output_values.csv"
    assert client.post(PATH, files=one(VALUES + b"A,2026-03,5\n")).status_code == 409
    done = client.post(PATH, files=one(VALUES + b"A,2026-04,5\n"))
    assert (done.status_code, done.json()["state"]) == (200, "imported")
    looked = client.post(PATH, params={"check": "true"}, files=one(VALUES + b"A,2026-05,5\n")).json()
    assert (looked["state"], looked["outcome"]["samples"][0]["rows"]) == ("checked", 1)
    confirmed = client.post(f"{PATH}/{looked['id']}").json()
    assert confirmed["state"] == "imported"
    assert client.post(f"{PATH}/{looked['id']}").status_code == 409
    assert client.delete(f"{PATH}/{looked['id']}").status_code == 409
    assert client.get(f"{PATH}/{'0' * 32}").status_code == 404
    assert len(plant.rows("output_values")) == 3


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FORM),
        (b"--x\r\nContent-Disposition: form-data; name=files; filename=a.csv\r\n\r\nhalf", FORM),
        (b"--x--\r\n", FORM),
        (b"rubbish", FORM),
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"{}", "multipart/form-data"),
    ],
)
def test_half_a_form_leaves_nothing(plant, content, kind):
    answer = plant.enter().post(PATH, content=content, headers={"content-type": kind})
    assert answer.status_code == 400, answer.text
    assert not list((plant.settings.home / "uploads").iterdir())


def test_file_names_stay_in_their_folder():
    assert bare_name("../../etc/passwd") == "passwd"
    assert bare_name("C:\\Users\\li\\检验.csv") == "检验.csv"
    assert bare_name("..") == bare_name("") == bare_name("/") == ""
    assert bare_name(".hidden.csv") == "hidden.csv"
    assert bare_name("a\0b\n.csv") == "ab.csv"
    assert len(bare_name("检" * 400 + ".csv").encode()) <= 200
    assert bare_name("检" * 400 + ".csv").endswith("检.csv")


def test_templates_are_files_that_import_takes(plant):
    client = plant.enter()
    book = client.get("/import/template.xlsx")
    place = sent(client, [("files", ("template.xlsx", book.content))])
    assert "faults.csv" not in client.get(place).text
    package = zipfile.ZipFile(io.BytesIO(client.get("/import/template.zip?lang=zh").content))
    assert "企业编号" in package.read("enterprises.csv").decode("utf-8-sig")


def test_too_many_uploads_wait_and_old_ones_go(house):
    uploads = Uploads(open_database(house.settings), house.settings)
    client = house.enter(ENGINEER)
    for _ in range(MOST_WAITING):
        uploads.arrive("li", EVERYTHING)
    assert client.post(PATH, files=one(VALUES)).status_code == 429
    assert client.post("/import", files=one(VALUES)).status_code == 429
    engine = open_database(house.settings)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE uploads SET at = '2026-01-01T00:00:00+00:00'"))
    engine.dispose()
    uploads.sweep()
    assert not list((house.settings.home / "uploads").iterdir())
    assert not uploads.listed("li")


def test_large_files_are_jobs_that_may_be_begun_again(house, rows, files, monkeypatch):
    monkeypatch.setattr("serving.records.arriving.AT_ONCE", 0)
    client = house.enter()
    place = sent(client, files({name: rows[name] for name in ("enterprises", "output_values")}))
    engine = open_database(house.settings)
    assert "data-again" in client.get(place).text
    run(house, engine)
    assert "data-again" not in client.get(place).text
    client.post(f"{place}/confirm")
    assert "data-again" in client.get(place).text
    job = listed(engine, kinds=["import"])[0][0]
    first = done(house, engine, job)
    assert first == done(house, engine, job)  # it died after its end, before anybody heard of it
    assert ledger.read(engine).last_import == 1
    assert [found.kind for found in listed(engine, kinds=["publish"])[0]] == ["publish"]
    engine.dispose()


def test_an_import_that_dies_before_its_end_can_be_confirmed_again(plant, monkeypatch):
    client = plant.enter()
    place = sent(client, one(VALUES + b"A,2026-04,5\n"))

    def broken(*_args, **_more):
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("features.store.ledger.commit", broken)
        assert client.post(f"{place}/confirm").status_code == 500
    assert plant.imports() == 1
    client.post(f"{place}/confirm")
    assert plant.imports() == 2


def test_a_check_that_failed_says_so_and_offers_another_try(house, monkeypatch):
    monkeypatch.setattr("serving.records.arriving.AT_ONCE", 0)
    client = house.enter()
    place = sent(client, one(VALUES + b"A,2026-04,5\n"))
    engine = open_database(house.settings)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE jobs SET state = 'failed', error = 'out of memory'"))
    engine.dispose()
    page = text(client.get(place, headers={"accept-language": "en"}))
    assert "The work on these files stopped" in page
    assert "out of memory" in page
    assert "Bring more files" in page


def test_packed_files_weigh_what_they_unpack_to(house):
    uploads = Uploads(open_database(house.settings), house.settings)
    upload_id, _ = uploads.arrive("li", EVERYTHING)
    uploads.complete(upload_id, [("a.csv.gz", 10), ("b.csv", 10)])
    assert work.weight(uploads.find(upload_id)) == 90


def test_folders_of_the_killed_are_swept(plant):
    left = plant.settings.home / "arriving" / "left"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    sent(plant.enter(), one(VALUES + b"A,2026-04,5\n"))
    assert not left.exists()


def test_files_that_are_gone_refuse_their_job(plant):
    engine = open_database(plant.settings)
    uploads = Uploads(engine, plant.settings)
    upload_id, _ = uploads.arrive("li", EVERYTHING)
    uploads.move(upload_id, State.ARRIVED, State.GONE)
    arguments = kinds.Import(upload=upload_id)
    with pytest.raises(JobRefused, match="upload them again"):
        work.work(Task(None, plant.settings, engine), arguments)
    engine.dispose()


def done(house, engine, job):
    """Do a job in this process."""
    return work.work(Task(job, house.settings, engine), kinds.Import(**job.arguments))


def run(house, engine):
    return done(house, engine, listed(engine, kinds=["import"])[0][0])
