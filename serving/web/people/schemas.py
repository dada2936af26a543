"""What `/api/v1/me`, `/api/v1/users` and `/api/v1/keys` say and take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from serving.access import Person, Role, Scope
from serving.access.wishes import MOST, read_wish

if TYPE_CHECKING:
    from serving.access.accounts import User
    from serving.access.keys import Key

Id = Annotated[str, Field(min_length=1, max_length=200)]
Region = Annotated[str, Field(pattern=r"^(\d{2}|\d{4}|\d{6})$", examples=["33", "3302"])]


class Wish(BaseModel):
    """Base of what is taken: an unknown field is an error, not a wish that is silently ignored."""

    model_config = ConfigDict(extra="forbid")


class ScopeFields(Wish):
    """Whose numbers: of `enterprises` everything is seen, of `regions` (GB/T 2260) the numbers."""

    enterprises: list[Id] = Field(default=[], max_length=MOST)
    regions: list[Region] = Field(default=[], max_length=200)
    everything: bool = False

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Return a scope as the API says it."""
        return cls(
            enterprises=sorted(scope.enterprises), regions=list(scope.regions), everything=scope.everything
        )

    def read(self) -> Scope:
        """Return it as the rules take it."""
        return read_wish((), self.enterprises, self.regions, self.everything)[1]


class Me(BaseModel):
    """Who asks."""

    name: str
    roles: list[Role]
    scope: ScopeFields
    machine: bool = Field(description="The request carries an API key")

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return a person as the API says it."""
        scope = ScopeFields.of(person.scope)
        return cls(name=person.name, roles=sorted(person.roles), scope=scope, machine=person.machine)


class Account(BaseModel):
    """One user."""

    name: str
    roles: list[Role]
    scope: ScopeFields
    active: bool
    company: bool = Field(description="Signs in through the company's identity provider; no password here")
    must_change: bool = Field(description="Has to set a password of their own first")
    created_at: datetime
    version: int = Field(description="Send it back with a change, so that nobody's change is overwritten")

    @classmethod
    def of(cls, user: User) -> Self:
        """Return a user as the API says it."""
        return cls(
            name=user.name,
            roles=sorted(user.roles),
            scope=ScopeFields.of(user.scope),
            active=user.active,
            company=user.company,
            must_change=user.must_change,
            created_at=_time(user.created_at),
            version=user.version,
        )


class NewAccount(Wish):
    """A user to be made."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["li.wei"])]
    roles: list[Role] = Field(default=[], max_length=len(Role))
    scope: ScopeFields = ScopeFields()
    company: bool = False


class FirstPassword(BaseModel):
    """A password that is told once and must be changed at the first sign-in."""

    user: Account
    password: str | None = Field(description="None for a user who signs in through the company")


class AccountChange(Wish):
    """What to change; what is left out stays."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    roles: Annotated[list[Role], Field(max_length=len(Role))] | None = None
    scope: ScopeFields | None = None
    active: bool | None = None


class KeyLine(BaseModel):
    """One API key; the key itself is not known here."""

    id: int
    hint: str = Field(description="How it begins")
    name: str
    user: str | None = Field(description="Whose rights it has; None: a machine's, with rights of its own")
    roles: list[Role]
    scope: ScopeFields
    made_by: str
    made_at: datetime
    ends_at: datetime | None
    seen_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: Key) -> Self:
        """Return a key as the API says it."""
        return cls(
            id=key.id,
            hint=key.hint,
            name=key.name,
            user=key.user_name,
            roles=sorted(key.roles),
            scope=ScopeFields.of(key.scope),
            made_by=key.made_by,
            made_at=_time(key.made_at),
            ends_at=_maybe(key.ends_at),
            seen_at=_maybe(key.seen_at),
            revoked_at=_maybe(key.revoked_at),
        )


class NewKey(Wish):
    """A machine's key to be made."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["MES of plant 3"])]
    roles: list[Role] = Field(default=[], max_length=len(Role))
    scope: ScopeFields = ScopeFields()
    days: Annotated[int, Field(ge=1, le=365, description="How long it is in force")] = 90


class MadeKey(BaseModel):
    """A key, told once."""

    key: str
    about: KeyLine


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _maybe(seconds: int | None) -> datetime | None:
    return None if seconds is None else _time(seconds)
