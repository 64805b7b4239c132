"""A text in the languages of a survey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["da", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in Danish and English.

    >>> Text("Ja", "Yes").to("en")
    'Yes'
    """

    da: str
    en: str

    def to(self, language: Language) -> str:
        """The text in one language."""
        return self.da if language == "da" else self.en
