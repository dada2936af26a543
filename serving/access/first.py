"""The first start: somebody must be able to let the others in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlalchemy as sa

    from features.settings import Settings

NAME: Final = "admin"


def first_administrator(engine: sa.Engine) -> str | None:
    """Make the user `admin` where there is no administrator; return the password, to be told once.

    It must be changed at the first sign-in. Of several processes that start together one makes it.
    """
    from serving.access import EVERYTHING, Role
    from serving.access.accounts import Accounts
    from serving.access.passwords import generated
    from serving.access.refusals import NameTakenError

    accounts = Accounts(engine)
    if accounts.administrators():
        return None
    password = generated()
    try:
        accounts.add(NAME, [Role.ADMIN], EVERYTHING, "zhuoyue", password=password)
    except NameTakenError:
        return None
    return password


def who_comes_in(settings: Settings, open_to_all: bool) -> str:
    """Return what the person at the terminal must know; the first start makes the first account."""
    from features.store.database import open_database

    if open_to_all:
        return "Nobody has to sign in: everybody at this machine is an administrator here."
    try:
        engine = open_database(settings)
        password = first_administrator(engine)
    except Exception as error:  # /readyz says so too; serving goes on, because a database may come back
        return f"The state database cannot be used, so nobody can sign in: {error}"
    if password is None:
        return "Sign in with your account; `zhuoyue user` manages them."
    return (
        f"First start: sign in as {NAME} with the password {password} and set one of your own. "
        f"It is not shown again; `zhuoyue user password {NAME}` makes another."
    )
