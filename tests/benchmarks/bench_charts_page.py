"""The charts page of an enterprise with a year of data: served, and drawn in a browser.

    python tests/benchmarks/bench_charts_page.py [ENTERPRISES] [BROWSER]

A simulated province (60 enterprises, 48 months by default) is imported, and pages are served over real HTTP
on this machine. Reported per page, median and worst over the enterprises: `first`, asked for the first time
since the records changed (every figure is computed); `again`, asked once more (every figure is kept);
`cpu` beside them is what server and client used of the processor, which other work on the machine does not
change; `drawn`, from the click until the last figure stands, in Chromium with a warm script cache. The
yardsticks are 100 ms served and 1 s drawn; nothing fails on time.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from features.settings import Settings
from features.simulator import World, write_tables
from features.store import Store
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from tests.serving.province import served

PAGES = ("/charts/{}", "/charts/{}?subject=process:10", "/charts/{}?subject=deliveries:")
DRAWN = """() => [...document.querySelectorAll("[data-figure]")]
    .every((place) => place.querySelector(".main-svg"))"""
MOST_DRAWN = 12


def main():
    """Print a row per page."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    browser = sys.argv[2] if len(sys.argv) > 2 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", threads=1)
        write_tables(World(7, count, 48), Path(folder) / "province")
        with Store.open(settings) as store:
            store.import_paths([Path(folder) / "province"])
            names = store.enterprises()
            rows = sum(
                store.table(name).select("enterprise_id").collect("pyarrow").shape[0]
                for name in ("inspections", "measurements")
            )
        print(f"{count} enterprises, {rows:,} inspections and measurements; a year of one enterprise a page")
        with served(create_app(settings, open_to=LOCAL_ADMINISTRATOR)) as url:
            for page in PAGES:
                show(page, asked(url, page, names))
            show("/charts/{}", {"drawn": drawn(url, names[:MOST_DRAWN], browser)})


def asked(url, page, names):
    """Return milliseconds of the first and the second answer of every enterprise."""
    took = {"first": [], "first cpu": [], "again": [], "again cpu": []}
    with httpx.Client(base_url=url, timeout=60) as client:
        client.get("/enterprises/" + names[0])  # the process has loaded its engines
        client.get(page.format(names[0]))
        for name in names[1:]:
            for which in ("first", "again"):
                start, used = time.perf_counter(), time.process_time()
                client.get(page.format(name)).raise_for_status()
                took[which].append(1000 * (time.perf_counter() - start))
                took[f"{which} cpu"].append(1000 * (time.process_time() - used))
    return took


def drawn(url, names, browser):
    """Return milliseconds from asking for a page until all of its figures stand."""
    took = []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url + PAGES[0].format(names[0]))
        page.wait_for_function(DRAWN)
        for name in names[1:]:
            start = time.perf_counter()
            page.goto(url + PAGES[0].format(name), wait_until="commit")
            page.wait_for_function(DRAWN, polling="raf")
            took.append(1000 * (time.perf_counter() - start))
        chromium.close()
    return took


def show(page, took):
    """Print median and worst."""
    for which, times in took.items():
        print(
            f"  {page:32s} {which:9s} median {statistics.median(times):6.0f} ms, worst {max(times):6.0f} ms"
        )


if __name__ == "__main__":
    main()
