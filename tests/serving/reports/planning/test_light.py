"""What the web process imports at its start loads no engine for the sake of papers."""

import subprocess
import sys


def test_the_papers_room_loads_nothing_heavy():
    heavy = ("pandas", "scipy", "docx", "typst", "xlsxwriter", "lightgbm", "ortools")
    code = f"import sys, serving.web.papers.routes as _; print([m for m in {heavy!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
