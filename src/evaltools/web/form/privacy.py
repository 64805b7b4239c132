"""How the data of those who answer are treated: the shipped notice (GDPR article 13), filled in for a wave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from evaltools.language import Language, date, texts
from evaltools.schema import thresholds
from evaltools.web.form.shell import Contact


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a notice must know of a wave, in the language of the page.

    own: the wave's own notice, with blank lines between paragraphs; then the shipped one is not used.
    """

    title: str
    publisher: str
    contact: Contact
    keep_until: dt.date | None
    legal_basis: str = ""
    statistics_only: bool = False
    own: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One heading of a notice and the paragraphs under it; the heading is empty in a notice of the wave's own."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """The notice as a page."""

    clauses: tuple[Clause, ...]


def privacy_page(keeping: Keeping, language: Language) -> PrivacyPage:
    """The notice of a wave."""
    if keeping.own.strip():
        return PrivacyPage((Clause("", _paragraphs(keeping.own)),))
    return PrivacyPage(tuple(_clauses(keeping, language)))


def privacy_text(keeping: Keeping, language: Language) -> str:
    """The same notice as plain paragraphs with blank lines between them, for copies on paper."""
    clauses = privacy_page(keeping, language).clauses
    return "\n\n".join(text for clause in clauses for text in (clause.heading, *clause.paragraphs) if text)


def _clauses(keeping: Keeping, language: Language) -> Iterator[Clause]:
    say = texts(language).say
    words = {
        "title": keeping.title,
        "publisher": keeping.publisher or keeping.contact.name or say("web.privacy.somebody"),
        "contact": _contact(keeping.contact, language),
        "children": thresholds()["children"],
        "municipalities": thresholds()["municipalities"],
    }
    for name in ("who", "what", "why", "shown", "kept", "rights"):
        heading = say(f"web.privacy.{name}.heading")
        text = say(f"web.privacy.{name}.text", **words) + _more(name, keeping, language)
        yield Clause(heading, _paragraphs(text))


def _more(name: str, keeping: Keeping, language: Language) -> str:
    """What is said only of some waves."""
    say = texts(language).say
    if name == "why" and keeping.legal_basis:
        return " " + say("web.privacy.basis", basis=keeping.legal_basis)
    if name == "shown" and keeping.statistics_only:
        return "\n\n" + say("web.privacy.statistics")
    if name == "kept" and keeping.keep_until is not None:
        return " " + say("web.privacy.until", day=date(keeping.keep_until, language))
    return ""


def _contact(contact: Contact, language: Language) -> str:
    parts = (contact.name, contact.email, contact.phone)
    return ", ".join(part for part in parts if part) or texts(language).say("web.privacy.in_letter")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())
