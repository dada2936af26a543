"""What lies before a planner: the published portfolio, and whose numbers the asker may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from fastapi import Depends, HTTPException, Request

from models.outlook import FOLDER
from models.portfolio import NoPortfolioError, Portfolio, Target, document_targets
from models.portfolio.targets import plan_targets
from serving.access import Person, Role
from serving.web.asked_for import Library
from serving.web.asking import Asker, visible
from serving.web.planner.asked import Filter
from serving.web.reading import Reading

if TYPE_CHECKING:
    from models.portfolio.planes import Mask


@dataclass(frozen=True)
class Desk:
    """A portfolio, and R booleans: the enterprises whose numbers the asker may see one by one."""

    portfolio: Portfolio
    seen: Mask

    def members(self, wished: Filter) -> Mask:
        """R booleans: those of a group whom the asker may see."""
        return wished.members(self.portfolio) & self.seen

    def targets(self) -> list[Target]:
        """The targets of the records and of the document, in that order."""
        return [*plan_targets(self.portfolio.plan_targets), *document_targets()]


def desk_of(request: Request, library: Reading, person: Person) -> Desk:
    """Return the desk of a person; raises NoPortfolioError while nothing was published."""
    folder = Path(request.app.state.settings.home) / FOLDER / library.state().outlook_id
    portfolio = library.once("portfolio", partial(Portfolio.load, folder))
    everything = person.scope.everything or person.has(Role.ADMIN)
    whose = ("portfolio seen", None if everything else person.scope)
    return Desk(portfolio, library.once(whose, partial(_seen, portfolio, library, person)))


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
