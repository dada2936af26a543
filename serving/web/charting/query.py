"""What the address of the charts page asks for, and what stands for what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field

from serving.chart_asking import Asked, first, last
from serving.web.reading import Graded

if TYPE_CHECKING:
    from serving.web.charting.sitting import Catalogue, Span

Month = Annotated[str, Field(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")]
MEASURED = ("xbar_r", "xbar_s", "i_mr", "ewma", "cusum")
COUNTED = ("p", "p_laney", "np", "u", "u_laney", "c")
DELIVERED = ("p", "p_laney", "np")
BYS = ("lot", "day", "week", "month")
RULES = ("western_electric", "nelson", "shewhart", "none")
WHOLE_YEARS = re.compile(r"^(1[0-9]{3}|2[0-9]{3})-")


class PageQuery(BaseModel):
    """The address of a charts page; empty is what the page chooses itself.

    `subject` is `characteristic:ID`, `process:ID` or `deliveries:`; `baseline` the last month that the limits
    rest on; `exclude` numbers of points that they do not rest on.
    """

    subject: str = Field("", max_length=240)
    kind: str = Field("", max_length=16)
    rules: str = Field("western_electric", max_length=24)
    by: str = Field("lot", max_length=8)
    since: Month = ""
    until: Month = ""
    baseline: Month = ""
    exclude: str = Field("", max_length=200, pattern=r"^[0-9 ,，、;]*$")
    product: str = Field("", max_length=200)

    def url(self, enterprise_id: str, **other: str) -> str:
        """Return the address of the same page with something else asked for, without what is default."""
        values = self.model_dump() | other
        told = {
            name: value for name, value in values.items() if value != type(self).model_fields[name].default
        }
        path = f"/charts/{quote(enterprise_id, safe='')}"
        return f"{path}?{urlencode(told)}" if told else path

    @property
    def excluded(self) -> tuple[int, ...]:
        """Numbers of points (from 1) that the limits do not rest on."""
        return tuple(sorted({int(number) for number in re.findall(r"[0-9]{1,7}", self.exclude)}))


def span_of(query: PageQuery, graded: Graded | None) -> Span:
    """Return the days that are shown: as asked, else from the first month of the official window on."""
    opening = query.since or (str(graded.evidence["window"]["start"]) if graded else "")
    return _day(first, opening), _day(last, query.until)


def _day(read: Any, label: str) -> date | None:  # noqa: ANN401 - `first` or `last`
    """Return a day, None for a year that no calendar of ours reaches."""
    found: date | None = read(label) if WHOLE_YEARS.match(label) else None
    return found


def subject_of(query: PageQuery, listed: Catalogue, overview: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return what is charted, (`characteristic`, id) and so on: as asked, else what signals most often.

    Without characteristics it is the first process, without processes what was delivered.
    """
    what, _, name = query.subject.partition(":")
    if what == "characteristic" and listed.characteristic(name):
        return what, name
    if what == "process" and listed.process(name):
        return what, name
    if what == "deliveries":
        return what, ""
    measured = [row for row in overview if row["points"]]
    if measured:
        loudest = max(measured, key=lambda row: int(row["signalling"]))
        return "characteristic", str(loudest["characteristic_id"])
    return ("process", str(listed.processes[0]["process_id"])) if listed.processes else ("deliveries", "")


def kinds_of(what: str) -> tuple[str, ...]:
    """Return the kinds of chart that a subject can be drawn as."""
    return {"characteristic": MEASURED, "process": COUNTED, "deliveries": DELIVERED}[what]


def asked_of(query: PageQuery, enterprise_id: str, subject: tuple[str, str], span: Span) -> Asked:
    """Return the question; what does not fit the subject is left to the chart."""
    from features.control_charts import Basis

    what, name = subject
    return Asked(
        enterprise_id,
        Basis(until=_day(last, query.baseline), exclude=query.excluded),
        characteristics=(name,) if what == "characteristic" else (),
        process=name if what == "process" else None,
        deliveries=what == "deliveries",
        kind=query.kind if query.kind in kinds_of(what) else None,
        by=query.by if query.by in BYS else "lot",
        rules=query.rules if query.rules in RULES else "western_electric",
        since=span[0],
        until=span[1],
    )
