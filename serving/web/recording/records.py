"""`/api/v1/records`: rows in, in one transaction and once, and rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from features.records.schema import TABLES
from serving.access import Person, Role
from serving.records.outcome import Outcome
from serving.web.api import tagged
from serving.web.asking import Asker, needs
from serving.web.problems import MEDIA_TYPE, RESPONSES, Problem, problem
from serving.web.recording.schemas import TableInfo, rows_schema, tables
from serving.web.schemas import Page

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.settings import Settings
    from serving.records.bringing import OnConflict

WRITERS = needs(Role.ENGINEER)
JSON = "application/json"
Check = Annotated[bool, Query(description="Only say what would come of it: 200 with faults and conflicts")]
Conflicts = Annotated[
    str,
    Query(
        pattern="^(report|replace)$",
        description="A key that is stored with other values: refuse the call (409), or make them current",
    ),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own id of this call. Sent again with the same body within 30 days it gives the "
        "first answer and imports nothing twice; with another body it is refused (422).",
    ),
]
TableName = Annotated[
    str, Path(max_length=40, description="One of the record tables", examples=["inspections"])
]
Text = Annotated[str | None, Query(max_length=200)]
Day = Annotated[str | None, Query(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")]


def says(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says about these errors."""
    words = {
        400: "The body cannot be read",
        403: "A role is missing",
        409: "Keys are stored with other values, or the call is being worked on",
        413: "The body is too large",
        415: "Another media type is needed",
        422: "Rows are wrong, or belong to somebody else; nothing was imported",
        429: "Too much of yours is waiting",
    }
    content: dict[str, Any] = {MEDIA_TYPE: {}}
    return {
        status: {"model": Problem, "description": words[status], "content": content} for status in statuses
    }


router = APIRouter(prefix="/api/v1", tags=["records"], responses=RESPONSES)


@router.get("/records")
async def record_tables() -> list[TableInfo]:
    """List the record tables with their columns, and what may stand there."""
    return tables()


@router.post(
    "/records",
    response_model=Outcome,
    dependencies=[WRITERS],
    responses=says(400, 403, 409, 413, 415, 422),
    openapi_extra={"requestBody": {"required": True, "content": {JSON: {"schema": rows_schema()}}}},
)
async def bring_records(
    request: Request, person: Asker, check: Check = False, on_conflict: Conflicts = "report", key: Key = None
) -> Response:
    """Bring rows of any tables in one transaction: all of them, or none.

    Cells are checked as those of a CSV file are; empty text and null are blank. Rows that are stored already
    change nothing. You may bring rows of enterprises whose records you see; a row that names another one
    refuses the call. Faults and conflicts are listed as `errors`, `row` counting from 1 within its table.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"send {JSON}")
    body = await request.body()
    return await run_in_threadpool(_Call(request, person, body, check, on_conflict, key).answer)


class _Call:
    """One call of `bring_records`, worked on in a thread."""

    def __init__(
        self, request: Request, person: Person, body: bytes, check: bool, on_conflict: str, key: str | None
    ) -> None:
        self._request, self._person, self._body = request, person, body
        self._check, self._on_conflict, self._key = check, on_conflict, key
        self._settings: Settings = request.app.state.settings

    def answer(self) -> Response:
        """Return the answer, the first one if the call was made before."""
        from serving.records.once import Claim, KeyBusyError, KeyReusedError, digest_of

        if self._key is None or self._check:
            return self._work(None)
        engine = self._request.app.state.database.engine
        digest = digest_of(b"records", self._on_conflict.encode(), self._body)
        claim = Claim(engine, self._person.name, self._key, digest)
        try:
            known = claim.answer()
            if known is not None:
                return Response(known, media_type=JSON, headers={"idempotent-replayed": "true"})
            try:
                return self._work(claim)
            finally:
                claim.release()
        except KeyReusedError:
            return problem(self._request, 422, "this Idempotency-Key was sent before with another request")
        except KeyBusyError:
            return problem(
                self._request,
                409,
                "the call with this Idempotency-Key is being worked on",
                headers={"retry-after": "5"},
            )

    def _work(self, claim: Any) -> Response:  # noqa: ANN401 - a Claim, which is not loaded at the start
        from features.store import ImportRefused
        from serving.records.bringing import bring, folder_in, look, permit_of, publish_soon
        from serving.records.rows import Rows, write_rows
        from serving.records.shaping import Shaping

        def kept(connection: sa.Connection, outcome: Outcome) -> None:
            if claim is not None:
                claim.keep(connection, outcome.model_dump_json())

        with folder_in(self._settings) as folder:
            shaping, permit = Shaping(folder, named=False), permit_of(self._person)
            try:
                paths = write_rows(Rows.model_validate_json(self._body).tables, folder)
            except ValidationError as error:
                return problem(self._request, *_unreadable(error))
            except ImportRefused as refused:
                return self._answered(shaping.refused(refused))
            if self._check:
                return self._answered(look(self._settings, paths, permit, shaping))
            conflict: OnConflict = "replace" if self._on_conflict == "replace" else "report"
            outcome = bring(self._settings, paths, self._person.name, permit, shaping, conflict, kept=kept)
        publish_soon(self._request.app.state.database.engine, self._person.name, outcome)
        return self._answered(outcome)

    def _answered(self, outcome: Outcome) -> Response:
        if outcome.written or self._check:
            text = Outcome(**outcome.model_dump(exclude={"samples"})).model_dump_json()
            return Response(text, media_type=JSON)
        return refusal(self._request, outcome)


def refusal(request: Request, outcome: Outcome) -> Response:
    """Return why nothing was imported: 422 with faults, 409 with conflicts."""
    if outcome.fault_count:
        detail = f"nothing was imported; faults: {outcome.fault_count}, listed: {len(outcome.faults)}"
        return problem(request, 422, detail, outcome.errors())
    listed = len(outcome.conflicts)
    detail = f"nothing was imported; stored with other values: {outcome.conflict_count}, listed: {listed}"
    return problem(request, 409, detail, outcome.errors())


def _unreadable(error: ValidationError) -> tuple[int, str, list[dict[str, Any]]]:
    """Say what is wrong with the body: 400 where it is no JSON, 422 where it is other JSON."""
    found = error.errors(include_url=False, include_context=False)
    listed = [
        {
            "path": ".".join(str(part) for part in fault["loc"])[:200],
            "found": str(fault.get("input"))[:80],
            "allowed": fault["msg"],
        }
        for fault in found[:100]
    ]
    broken = any(fault["type"] == "json_invalid" for fault in found)
    return (400, "the body is no JSON", listed) if broken else (422, "the body is not rows by table", listed)


@router.get("/records/{table}", dependencies=[Depends(tagged)])
def read_records(
    request: Request,
    person: Asker,
    table: TableName,
    enterprise_id: Text = None,
    product_id: Text = None,
    process_id: Text = None,
    characteristic_id: Text = None,
    parameter_id: Text = None,
    lot_id: Text = None,
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Page[dict[str, Any]]:
    """Read rows of a table in order of its key: those of enterprises whose records you may see.

    `since` and `until` (months or days, inclusive) limit the column that says when a row happened. Amounts
    of money are text, so that they stay exact; a row can be brought again as it was read.
    """
    from features.store import Store
    from features.store.browsing import browse
    from serving.records.bringing import permit_of

    if table not in TABLES:
        raise HTTPException(404, f"no such record table; there are {', '.join(TABLES)}")
    given = {
        "enterprise_id": enterprise_id,
        "product_id": product_id,
        "process_id": process_id,
        "characteristic_id": characteristic_id,
        "parameter_id": parameter_id,
        "lot_id": lot_id,
    }
    equal = {name: text for name, text in given.items() if text is not None}
    if strange := equal.keys() - set(TABLES[table].names):
        raise HTTPException(422, f"{table} has no column {', '.join(sorted(strange))}")
    with Store.open(request.app.state.settings) as store:
        rows, total = browse(
            store,
            table,
            owners=permit_of(person).owners,
            equal=equal,
            since=since,
            until=until,
            limit=limit,
            offset=offset,
        )
    return Page(items=[_plain(row) for row in rows], total=total, limit=limit, offset=offset)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as JSON says it: exact amounts as text, times by ISO 8601."""
    kept = (str, int, float, bool, type(None))
    return {name: value if isinstance(value, kept) else _said(value) for name, value in row.items()}


def _said(value: Any) -> str:  # noqa: ANN401 - a date, a time or a decimal
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
