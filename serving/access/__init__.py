"""Who asks: persons and machines, their roles, and whose numbers they may see."""

from serving.access.person import EVERYTHING, LOCAL_ADMINISTRATOR, Person, Role, Scope

__all__ = ["EVERYTHING", "LOCAL_ADMINISTRATOR", "Person", "Role", "Scope"]
