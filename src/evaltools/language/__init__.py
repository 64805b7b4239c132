"""Words, numbers and dates in Danish and English. Texts for people live in `*.yaml` beside this file."""

from evaltools.language.text import Language, Text

__all__ = ["Language", "Text"]
