"""What a call that must be refused is refused with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaltools.errors import DesignError


def code_of(call: Callable[[], object]) -> str:
    """The code of the error that the call raises."""
    with pytest.raises(DesignError) as caught:
        call()
    return caught.value.code
