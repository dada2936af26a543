"""Style sheets, scripts and the icon, under addresses that change with their content, cached for a year.

Nothing is vendored: plotly's script comes from the plotly wheel, Swagger UI from the fastapi-offline wheel,
both found on disk without being imported.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

from serving.palette import stylesheet

STATIC = Path(__file__).with_name("static")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    name: str
    content: bytes

    @cached_property
    def version(self) -> str:
        """Short hash of the content."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @cached_property
    def compressed(self) -> bytes:
        """The content for browsers that take gzip; made once."""
        return gzip.compress(self.content, 6, mtime=0)

    @property
    def media_type(self) -> str:
        """Its media type."""
        return f"{TYPES[Path(self.name).suffix]}; charset=utf-8"

    @property
    def url(self) -> str:
        """Its address, which names its version."""
        return f"/assets/{self.name}?v={self.version}"


def _in_package(package: str, path: str) -> Callable[[], bytes]:
    def read() -> bytes:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError(f"package {package} is not installed; it carries {path}")
        return (Path(spec.submodule_search_locations[0]) / path).read_bytes()

    return read


SOURCES: dict[str, Callable[[], bytes]] = {
    "palette.css": lambda: stylesheet().encode(),
    "plotly.min.js": _in_package("plotly", "package_data/plotly.min.js"),
    "swagger-ui.js": _in_package("fastapi_offline", "static/swagger-ui-bundle.js"),
    "swagger-ui.css": _in_package("fastapi_offline", "static/swagger-ui.css"),
    **{file.name: file.read_bytes for file in STATIC.iterdir() if file.suffix in TYPES},
}
"""Every file that may be asked for; nothing else is ever opened."""


@cache
def asset(name: str) -> Asset:
    """Return one file; KeyError for a name that is not ours."""
    return Asset(name, SOURCES[name]())
