"""What the pages load: a stylesheet, an icon, and the one script, which is sent without comments and indentation."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

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
