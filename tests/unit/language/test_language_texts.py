"""Texts are found by key, and a wrong key names the near one."""

from __future__ import annotations

import pytest

from evaltools.errors import SettingsError
from evaltools.language import texts


def test_an_unknown_text_is_refused_with_the_near_key() -> None:
    with pytest.raises(SettingsError) as refused:
        texts("da").say("language.yess")
    assert refused.value.code == "NO_SUCH_TEXT"
    assert "language.yes" in str(refused.value)


def test_placeholders_are_filled_in() -> None:
    assert texts("da").say("language.date", day=1, month="maj", year=2018) == "1. maj 2018"
