"""How what stands before the pages refuses a request: with a status, as the page or the object that the asker reads."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Scope

Refuse = Callable[[Scope, int], Response]
"""Makes the answer with a status (such as 413 or 429) for the scope of a request."""
