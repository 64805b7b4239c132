"""What the pages load: a stylesheet, an icon, and the one script, under addresses that name their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

PLACE: Final = "/static"
_ENDINGS: Final = (".css", ".js", ".svg")
_DIGITS: Final = 12
_COMMENT = re.compile(r"^\s*//.*| // [^\"`]*$")


@cache
def script() -> str:
    """The script of the form as browsers get it: the lines of `form.js` without comments, indentation and blank lines.

    >>> script().startswith("const size")
    True
    """
    source = resources.files(__name__).joinpath("form.js").read_text("utf-8")
    lines = (_COMMENT.sub("", line).strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line)


@cache
def files() -> Mapping[str, bytes]:
    """Every file by its name, as it is sent."""
    found = {one.name: one.read_bytes() for one in resources.files(__name__).iterdir() if one.name.endswith(_ENDINGS)}
    return {**found, "form.js": script().encode()}


@cache
def content_name(name: str) -> str:
    """A name for the content of a file, which changes with it."""
    return hashlib.sha256(files()[name]).hexdigest()[:_DIGITS]


def address(name: str) -> str:
    """Where a file stands, with the name of its content, so that a browser may keep it for a year.

    >>> address("form.js").startswith("/static/") and address("form.js").endswith("/form.js")
    True
    """
    return f"{PLACE}/{content_name(name)}/{name}"
