"""The level of an interval, as every verb that takes one checks it."""

from __future__ import annotations

from evaltools.errors import DesignError, Fault


def check_level(level: float) -> None:
    """`DesignError` LEVEL_NOT_A_SHARE unless 0 < level < 1."""
    if not 0 < level < 1:
        remedy = f"Write {level / 100:g}." if 1 < level < 100 else "Write a share, such as 0.95."
        raise DesignError(Fault("LEVEL_NOT_A_SHARE", "level", f"the level {level:g} is not between 0 and 1", remedy))
