"""A whole questionnaire as a document: what is asked, of whom, with which answers and checks, before anybody starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.collect.copies.model import Surroundings
from evaltools.collect.copies.questions import question_blocks
from evaltools.document.model import Block, Box, Bullets, Document, Heading, Paragraph, TextRun
from evaltools.language import Language, date, texts
from evaltools.schema import Questionnaire, Section, rule_sentence, thresholds

PROMISES: Final = ("cases", "staff", "groups", "reasons", "named", "names")


def questionnaire_document(questionnaire: Questionnaire, language: Language, around: Surroundings) -> Document:
    """The whole questionnaire, for the writers of `document`. Numbers are those of `schema.numbering`.

    Raises nothing of its own. The first page says what it is about, what is promised, and how to answer; after the
    questions stands the notice on personal data.
    """
    say = texts(language).say
    blocks = [block for section in questionnaire.sections for block in _section(questionnaire, section, language)]
    return Document(
        title=questionnaire.titled(language),
        subtitle=say("collect.copy.subtitle"),
        author=_about(questionnaire, "publisher", language),
        date=date(around.made_on, language),
        iso_date=around.made_on.isoformat(),
        language=language,
        description=say("collect.copy.description", title=questionnaire.titled(language)),
        blocks=(*blocks, *_privacy(around.privacy, language)),
        register=(),
        facts=tuple((label, text) for label, text in _facts(questionnaire, around, language) if text),
        box=_promise(language),
        kind=say("collect.copy.kind"),
    )


def _facts(questionnaire: Questionnaire, around: Surroundings, language: Language) -> Iterator[tuple[str, str]]:
    say = texts(language).say
    yield say("collect.copy.universe"), questionnaire.universe.to(language)
    yield say("collect.copy.year"), str(questionnaire.reference_year)
    yield say("collect.copy.closes"), around.closes_on
    yield say("collect.copy.contact"), around.contact or _about(questionnaire, "contact", language)
    for key in ("legal_basis", "coordination"):
        yield say(f"collect.copy.{key}"), _about(questionnaire, key, language)
    yield say("collect.copy.version"), questionnaire.content_sha256[:16]


def _about(questionnaire: Questionnaire, key: str, language: Language) -> str:
    text = questionnaire.about.get(key)
    return text.to(language) if text else ""


def _promise(language: Language) -> Box:
    """How to answer, and what is promised about what is shown; the limits are those that everything else keeps."""
    say = texts(language).say
    limits = {name: str(limit) for name, limit in thresholds().items()}
    promises = tuple((TextRun(say(f"collect.copy.promise.{name}", **limits)),) for name in PROMISES)
    return Box(
        say("collect.copy.promise.title"),
        (
            Paragraph((TextRun(say("collect.copy.how")),)),
            Paragraph((TextRun(say("collect.copy.promise.intro")),)),
            Bullets(promises),
        ),
    )


def _section(questionnaire: Questionnaire, section: Section, language: Language) -> Iterator[Block]:
    yield Heading(1, (TextRun(section.title.to(language)),), section.name)
    if section.intro is not None:
        yield Paragraph((TextRun(section.intro.to(language)),))
    if section.ask_if is not None:
        condition = rule_sentence(section.ask_if, questionnaire, language).rstrip(".")
        told = texts(language).say("collect.copy.section_if", condition=condition)
        yield Paragraph((TextRun(told, italic=True),))
    for item in section.items:
        yield from question_blocks(questionnaire, item, language)


def _privacy(notice: str, language: Language) -> Iterator[Block]:
    paragraphs = [paragraph.strip() for paragraph in notice.split("\n\n") if paragraph.strip()]
    if paragraphs:
        yield Heading(1, (TextRun(texts(language).say("collect.copy.privacy")),), "privacy", numbered=False)
    yield from (Paragraph((TextRun(" ".join(paragraph.split())),)) for paragraph in paragraphs)
