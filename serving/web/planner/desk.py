"""What lies before a planner: the published portfolio, and whose numbers the asker may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import Depends, HTTPException, Request

from features.documents.refusals import UnknownDocumentError
from features.periods import to_label
from models.outlook import FOLDER, Outlook
from models.portfolio import NoPortfolioError, Portfolio, Target, document_targets
from models.portfolio.benchmarks import Groups
from models.portfolio.targets import plan_targets
from serving.access import Person, Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, visible
from serving.web.planner.asked import Filter
from serving.web.planner.lists import Listed, of_kept, register, register_of
from serving.web.reading import Reading

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.documents.register import Register
    from features.settings import Settings
    from models.portfolio.firsts import Mask

Once = Callable[[object, Callable[[], Any]], Any]
"""Keeps what was computed for this asker until data or outlook change."""


@dataclass(frozen=True)
class Desk:
    """A portfolio, and R booleans: the enterprises whose numbers the asker may see one by one."""

    portfolio: Portfolio
    seen: Mask
    once: Once
    lists: Register

    def members(self, wished: Filter) -> Mask:
        """R booleans: those of a group whom the asker may see; 404 for a list that is not kept."""
        members = wished.members(self.portfolio) & self.seen
        return members & self.among(self.listed(wished.list)) if wished.list else members

    def listed(self, list_id: str) -> Listed:
        """A list that a planner keeps; 404 where there is none."""
        try:
            return of_kept(self.lists.get(list_id))
        except UnknownDocumentError as error:
            raise HTTPException(404, f"list: found {list_id!r}; allowed: the id of a kept list") from error

    def among(self, listed: Listed) -> Mask:
        """R booleans: those of a list whom the asker may see."""
        out = np.zeros(len(self.portfolio), dtype=np.bool_)
        place = self.portfolio.place
        out[[place[name] for name in listed.enterprise_ids if name in place]] = True
        return out & self.seen

    def groups(self, indicator: str) -> Groups:
        """The benchmark groups of an indicator that the asker may be shown."""
        found: Groups = self.once(
            ("groups", indicator), partial(Groups, self.portfolio, indicator, self.seen)
        )
        return found

    @property
    def as_of(self) -> str:
        """The latest month of the records."""
        return to_label(self.portfolio.today, "month")

    def targets(self) -> list[Target]:
        """The targets of the records and of the document, in that order."""
        return [*plan_targets(self.portfolio.plan_targets), *document_targets()]


def desk_of(request: Request, library: Reading, person: Person) -> Desk:
    """Return the desk of a person; raises NoPortfolioError while nothing was published."""
    folder = Path(request.app.state.settings.home) / FOLDER / library.state().outlook_id
    portfolio = library.once("portfolio", partial(Portfolio.load, folder))
    everything = person.scope.everything or person.has(Role.ADMIN)
    scope = None if everything else person.scope

    def once(name: object, compute: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `compute` returns
        return library.once(("portfolio", name, scope), compute)

    seen = once("seen", partial(_seen, portfolio, library, person))
    return Desk(portfolio, seen, once, register(request))


def whole_desk(settings: Settings, engine: sa.Engine) -> Desk:
    """Return the desk of whoever has the store before them; raises NoPortfolioError and NoOutlookError."""
    portfolio = Portfolio.load(Outlook.load(settings).folder)
    everybody = np.ones(len(portfolio), dtype=np.bool_)
    return Desk(portfolio, everybody, lambda _, compute: compute(), register_of(engine))


def _seen(portfolio: Portfolio, library: Reading, person: Person) -> Mask:
    rows = visible(library, person)
    return np.array([str(name) in rows for name in portfolio.enterprise_ids], dtype=np.bool_)


def published_desk(request: Request, library: Library, person: Asker) -> Desk:
    """As `desk_of`, for programs: 404 while nothing was published."""
    try:
        return desk_of(request, library, person)
    except NoPortfolioError as error:
        raise HTTPException(404, "nothing has been published yet; `zhuoyue publish` does it") from error


AtDesk = Annotated[Desk, Depends(published_desk)]
