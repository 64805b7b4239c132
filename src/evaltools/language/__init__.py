"""Words, numbers and dates in Danish and English. Texts for people live in the `da` and `en` folders."""

from evaltools.language.text import Language, Text
from evaltools.language.texts import Texts, say_both, texts

__all__ = ["Language", "Text", "Texts", "say_both", "texts"]
