"""Desks, shells and parsed pages, for tests of the pages of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import html

from evaltools.collect import Answers, check_answers, read_answers
from evaltools.language import Language
from evaltools.schema import Questionnaire, Section, read_survey
from evaltools.web.form import Contact, Desk, Link, Page, Post, Shell, read_posted, render, section_page
from every_kind import every_kind

SURVEYS = Path(__file__).parents[1] / "surveys"


def municipal() -> Questionnaire:
    return read_survey(SURVEYS / "network_methods" / "2018")


def section_of(q: Questionnaire, name: str) -> Section:
    return next(section for section in q.sections if section.name == name)


def answered(q: Questionnaire, raw: Mapping[str, object], language: Language = "da") -> Answers:
    return dict(read_answers(q, raw, language).changes)


def a_desk(
    answers: Mapping[str, object] | None = None,
    *,
    q: Questionnaire | None = None,
    language: Language = "da",
    references: Mapping[str, float] | None = None,
    last: Answers | None = None,
) -> Desk:
    """A desk with these raw answers, checked; on the questionnaire with every kind of item unless another is named."""
    questionnaire = q or every_kind()
    kept = answered(questionnaire, answers or {}, language)
    figures, before = references or {}, last or {}
    return Desk(
        questionnaire=questionnaire,
        language=language,
        unit="Mariagerfjord Kommune",
        person="Lene Olsen",
        answers=kept,
        version=7,
        problems=check_answers(questionnaire, kept, language, references=figures, last=before),
        references=figures,
        last=before,
    )


def a_shell(language: Language = "da", **changes: Any) -> Shell:
    links = (Link("Overblik", "/besvar"), Link("Gennemse og send", "/besvar/tjek"))
    contact = Contact("Undersøgelsen", "skema@example.org", "70 10 20 30")
    shell = Shell(language, "/besvar", "Alle slags spørgsmål", "Mariagerfjord Kommune", "Lene Olsen", "token", links)
    return replace(shell, contact=contact, leave_path="/afslut", **changes)


def drawn(page: Page, language: Language = "da") -> html.HtmlElement:
    return html.document_fromstring(render(page, a_shell(language)))


def drawn_section(desk: Desk, name: str, **options: Any) -> html.HtmlElement:
    return drawn(section_page(desk, section_of(desk.questionnaire, name), **options), desk.language)


def posted(form: Mapping[str, str | Sequence[str]], name: str = "use", **options: Any) -> Post:
    q = options.pop("q", every_kind())
    values = {key: [value] if isinstance(value, str) else list(value) for key, value in form.items()}
    return read_posted(q, section_of(q, name), values, **{"figures": {}, "language": "da", **options})


def words(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def one(tree: html.HtmlElement, path: str) -> html.HtmlElement:
    """The one element at an XPath, or with the id after a `#`."""
    found = tree.xpath(f"//*[@id='{path[1:]}']" if path.startswith("#") else path)
    assert len(found) == 1, f"{path}: {len(found)}"
    element: html.HtmlElement = found[0]
    return element
