"""What JSON can hold. `Json` is any value of it, unchecked: the law of the evidence file checks it."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]
