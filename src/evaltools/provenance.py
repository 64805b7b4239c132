"""Where something comes from: origins, canonical JSON and the hashes made of it."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from typing import Final, Literal

Origin = Literal["collected", "published", "rehearsal"]
"""`collected`: answered by municipalities; `published`: taken from a named source; `rehearsal`: made up."""

ORIGINS: Final[tuple[Origin, ...]] = ("collected", "published", "rehearsal")

# Built once: `json.dumps` would make an encoder for every value.
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> str:
    """The one way to write a JSON value: sorted keys, no blanks, no NaN. Hashes are made of this.

    >>> canonical_json({"b": 1, "a": "æ"})
    '{"a":"æ","b":1}'
    """
    return _CANONICAL.encode(value)


def sha256_of(value: object) -> str:
    """Hash (hex) of a JSON value's canonical form.

    >>> sha256_of([1, 2])[:12]
    '49a64717d5d4'
    """
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def code_version() -> str:
    """The installed version of evaltools, such as `0.1.0`."""
    return metadata.version("evaltools")
