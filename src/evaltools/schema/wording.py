"""Filling in texts: years, the terms that the law uses in the reference year, and a module's parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from evaltools.errors import Fault, near
from evaltools.language import Language, Text
from evaltools.language.text import LANGUAGES
from evaltools.schema.reading import Place
from evaltools.schema.source import TextSource

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
TERM: Final = "term:"


@dataclass(frozen=True, slots=True)
class TermWord:
    """The word of a term in the reference years `first` to `last`, both included."""

    word: Text
    first: int = 0
    last: int = 9999


Terms = Mapping[str, tuple[TermWord, ...]]


def term_word(terms: Terms, name: str, year: int) -> Text | None:
    """The word of a term in that reference year; None if the law of that year has none. `KeyError` if no such term."""
    for word in terms[name]:
        if word.first <= year <= word.last:
            return word.word
    return None


@dataclass(frozen=True)
class Wording:
    """Fills placeholders and collects what is wrong with them. `texts` and `numbers` are parameters of a module."""

    languages: tuple[Language, ...]
    reference_year: int
    terms: Terms
    faults: list[Fault]
    texts: Mapping[str, Text] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)

    def text(self, source: TextSource, place: Place) -> Text:
        """The text with everything filled in; a term without a word in the year is a fault."""
        lost = self.lost_term(source)
        if lost:
            problem = f'the term "{lost}" has no word in {self.reference_year}'
            remedy = "Say it without the term, or move it to an option: an option without a word disappears."
            self.faults.append(Fault("NO_WORD_FOR_TERM", place.at(), problem, remedy))
        self._check_translation(source, place)
        filled = {language: self._fill(getattr(source, language), language, place) for language in LANGUAGES}
        return Text(filled["da"] or filled["en"], filled["en"] or filled["da"])

    def optional(self, source: TextSource | None, place: Place) -> Text | None:
        """The text, or None if there is none."""
        return None if source is None else self.text(source, place)

    def either(self, source: TextSource | str, place: Place) -> Text:
        """A text that may be the same in both languages."""
        return Text(source, source) if isinstance(source, str) else self.text(source, place)

    def lost_term(self, source: TextSource) -> str:
        """The first term in the text that has no word in the reference year, or nothing."""
        for name in self._terms_in(source):
            if name in self.terms and term_word(self.terms, name, self.reference_year) is None:
                return name
        return ""

    def number(self, source: str, place: Place) -> float | None:
        """A number written out or named in braces, such as `{answer_year}`."""
        match = PLACEHOLDER.fullmatch(source)
        if match is None:
            return plain_number(source)
        if match[1] in self.numbers:
            given = self.numbers[match[1]]
            return plain_number(given) if given else None
        self._unknown(match[1], place, self.numbers)
        return None

    def _terms_in(self, source: TextSource) -> list[str]:
        names = [name for text in (source.da, source.en) for name in PLACEHOLDER.findall(text)]
        return [name.removeprefix(TERM) for name in names if name.startswith(TERM)]

    def _check_translation(self, source: TextSource, place: Place) -> None:
        for language in self.languages:
            if not getattr(source, language).strip():
                name = {"da": "Danish", "en": "English"}[language]
                fault = Fault(
                    "MISSING_TRANSLATION", place.at(), f"the {name} text is missing", f'Add {language}: "..."'
                )
                self.faults.append(fault)

    def _fill(self, text: str, language: Language, place: Place) -> str:
        return PLACEHOLDER.sub(lambda match: self._value(match[1], language, place), text)

    def _value(self, name: str, language: Language, place: Place) -> str:
        if name.startswith(TERM):
            return self._term(name.removeprefix(TERM), language, place)
        if name in self.numbers:
            return self.numbers[name]
        if name in self.texts:
            return self.texts[name].to(language)
        self._unknown(name, place, {**self.texts, **self.numbers})
        return f"{{{name}}}"

    def _term(self, name: str, language: Language, place: Place) -> str:
        if name not in self.terms:
            fault = Fault("UNKNOWN_TERM", place.at(), f'there is no term "{name}"', near(name, self.terms))
            self._add(fault)
            return name
        word = term_word(self.terms, name, self.reference_year)
        return word.to(language) if word else ""

    def _unknown(self, name: str, place: Place, known: Mapping[str, object]) -> None:
        remedy = near(name, known)
        self._add(Fault("UNKNOWN_PLACEHOLDER", place.at(), f'nothing is known to fill in for "{{{name}}}"', remedy))

    def _add(self, fault: Fault) -> None:
        if fault not in self.faults:
            self.faults.append(fault)


def plain_number(text: str) -> float:
    """A number as an int when it is whole.

    >>> plain_number("2018"), plain_number("0.5")
    (2018, 0.5)
    """
    value = float(text)
    return int(value) if value.is_integer() else value
