"""What almost every route is about: the library that answers, and the enterprise of the address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from serving.web.reading import Reading

EnterpriseId = Annotated[str, Path(min_length=1, max_length=200, description="Id of the enterprise")]


async def reading(request: Request) -> Reading:
    """Return what the application reads from."""
    found: Reading = request.app.state.reading
    return found


Library = Annotated[Reading, Depends(reading)]
