"""What the charts of an enterprise are drawn from: computed once per state of the records, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request

from serving.chart_asking import Asked, chart_of
from serving.web.kept import Answer, Kept

if TYPE_CHECKING:
    from features.control_charts import Chart, ProductYield
    from features.control_charts.pareto import ParetoRow
    from features.control_charts.rules import RuleSet
    from features.settings import Settings
    from features.store import Store

Row = Mapping[str, Any]
Span = tuple[date | None, date | None]
MOST = 400
"""Answers that are kept: charts of some hundred points each, a few tens of megabytes in all."""


@dataclass(frozen=True)
class Catalogue:
    """What an enterprise has charts of, in the order in which people list it."""

    characteristics: tuple[Row, ...]
    processes: tuple[Row, ...]
    products: Mapping[str, str]
    defects: Mapping[str, str]

    def characteristic(self, name: str) -> Row | None:
        """Return the row of a characteristic; None if there is none of that id."""
        return next((row for row in self.characteristics if row["characteristic_id"] == name), None)

    def process(self, name: str) -> Row | None:
        """Return the first row of a process; None if there is none of that id."""
        return next((row for row in self.processes if row["process_id"] == name), None)


class Sitting:
    """The questions of one request about one enterprise; the store is opened when one is new."""

    def __init__(self, settings: Settings, kept: Kept, enterprise_id: str) -> None:
        """Use `sitting`."""
        self._settings, self._kept, self.enterprise_id = settings, kept, enterprise_id
        self._store: Store | None = None

    def __enter__(self) -> Sitting:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._store is not None:
            self._store.close()

    def catalogue(self) -> Catalogue:
        """Return characteristics, processes, products and what defect codes mean."""
        return self._once(("catalogue",), lambda store: _catalogue(store, self.enterprise_id))

    def overview(self, span: Span, rules: str) -> list[dict[str, Any]]:
        """Return a row per characteristic: how often it signals."""
        return self._once(("overview", span, rules), lambda store: self._overview(store, span, rules))

    def chart(self, asked: Asked) -> Chart:
        """Return a control chart; ChartError if it cannot be drawn as asked."""
        return self._once(("chart", asked), lambda store: chart_of(store, asked))

    def capability(self, span: Span) -> list[dict[str, Any]]:
        """Return a row per characteristic: indices with intervals, stability."""
        return self._once(("capability", span), lambda store: self._capability(store, span))

    def values(self, characteristic: str, span: Span) -> list[float]:
        """Return the measured values of a characteristic in the order of time."""
        return self._once(
            ("values", characteristic, span), lambda store: self._values(store, characteristic, span)
        )

    def losses(self, span: Span) -> tuple[ParetoRow, ...]:
        """Return the losses of whole months by category, the dearest first."""
        from features.control_charts import loss_pareto

        return self._once(("losses", span), lambda store: loss_pareto(store, self.enterprise_id, *span))

    def defects(self, process: str | None, span: Span) -> tuple[ParetoRow, ...]:
        """Return the defects at first submissions by code, the most frequent first."""
        from features.control_charts import defect_pareto

        return self._once(
            ("defects", process, span), lambda store: defect_pareto(store, self.enterprise_id, process, *span)
        )

    def steps(self, span: Span) -> tuple[ProductYield, ...]:
        """Return every product's yield stage by stage."""
        from features.control_charts import yield_steps

        return self._once(("steps", span), lambda store: yield_steps(store, self.enterprise_id, *span))

    def _once(self, name: tuple[object, ...], compute: Callable[[Store], Answer]) -> Answer:
        return self._kept.once((self.enterprise_id, *name), lambda: compute(self._opened()))

    def _opened(self) -> Store:
        from features.store import Store

        if self._store is None:
            self._store = Store.open(self._settings)
        return self._store

    def _overview(self, store: Store, span: Span, rules: str) -> list[dict[str, Any]]:
        from features.control_charts import overview

        frame = overview(store, self.enterprise_id, *span, cast("RuleSet", rules))
        return cast("list[dict[str, Any]]", frame.to_dict(orient="records"))

    def _capability(self, store: Store, span: Span) -> list[dict[str, Any]]:
        from features.capability import capability
        from serving.capability_rows import capability_row

        frame = capability(store, *span, (self.enterprise_id,))
        return [
            capability_row({str(k): v for k, v in row.items()}, *span) for row in frame.to_dict("records")
        ]

    def _values(self, store: Store, characteristic: str, span: Span) -> list[float]:
        from features.control_charts.reading import read_characteristic, scope_of

        readings = read_characteristic(store, scope_of(self.enterprise_id, *span), characteristic)
        return [float(value) for value in readings.samples.values]


def sitting(request: Request, enterprise_id: str) -> Sitting:
    """Return the questions about an enterprise; what was answered for these records is not asked again."""
    kept = request.app.state.reading.once("charting", lambda: Kept(MOST))
    return Sitting(request.app.state.settings, kept, enterprise_id)


def _catalogue(store: Store, enterprise_id: str) -> Catalogue:
    import narwhals as nw

    def rows(table: str, *columns: str) -> list[dict[str, Any]]:
        own = store.table(table).filter(nw.col("enterprise_id") == enterprise_id)
        listed: list[dict[str, Any]] = own.select(*columns).unique().collect("pyarrow").to_arrow().to_pylist()
        return listed

    of_characteristic = (
        "characteristic_id",
        "name",
        "unit",
        "product_id",
        "process_id",
        "key",
        "lsl",
        "usl",
        "nominal",
    )
    characteristics = rows("characteristics", *of_characteristic)
    processes = rows("processes", "product_id", "process_id", "seq", "name")
    named = rows("defects", "defect_code", "defect_name")
    return Catalogue(
        tuple(sorted(characteristics, key=lambda row: (not row["key"], row["characteristic_id"]))),
        tuple(sorted(processes, key=lambda row: (row["product_id"], row["seq"], row["process_id"]))),
        {
            row["product_id"]: row["name"] or row["product_id"]
            for row in rows("products", "product_id", "name")
        },
        {row["defect_code"]: row["defect_name"] for row in named if row["defect_name"]},
    )
