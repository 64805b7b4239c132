"""Pages made into HTML: one template per kind of page, autoescape always on, an unknown name is an error."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from evaltools.language import Language, number, percent, texts
from evaltools.web.form.conflict import ConflictPage
from evaltools.web.form.follow_up import FollowUpPage
from evaltools.web.form.hub import HubPage
from evaltools.web.form.model import Question
from evaltools.web.form.privacy import PrivacyPage
from evaltools.web.form.receipt import ReceiptPage
from evaltools.web.form.review import CheckPage
from evaltools.web.form.saying import clock, many
from evaltools.web.form.section_page import SectionPage
from evaltools.web.form.shell import Shell
from evaltools.web.static import address

Page = SectionPage | HubPage | CheckPage | ReceiptPage | ConflictPage | PrivacyPage | FollowUpPage

TEMPLATES: Final[Mapping[type[Page], str]] = MappingProxyType(
    {
        SectionPage: "section.html",
        HubPage: "hub.html",
        CheckPage: "check.html",
        ReceiptPage: "receipt.html",
        ConflictPage: "conflict.html",
        PrivacyPage: "privacy.html",
        FollowUpPage: "follow_up.html",
    }
)
"""The template of each kind of page."""


def render(page: Page, shell: Shell) -> str:
    """The page as a whole HTML document."""
    return draw(TEMPLATES[type(page)], page, shell)


def draw(template: str, page: object, shell: Shell) -> str:
    """Fill a template with a page and its surroundings.

    A template has `page` and `shell`; `drawn` for the markup of a question; `static` for the address of a file; `say`
    and `tell` for the texts of `web.yaml` and `site.yaml`; `many` for a count with its noun; `moment` for a time on
    the Danish clock, `share` and `decimal` for values in words.
    """
    return _template(template, shell.language).render(page=page, shell=shell)


@cache
def _template(name: str, language: Language) -> Template:
    return _environment(language).get_template(name)


@cache
def _environment(language: Language) -> Environment:
    """The templates of the form in one language; nothing that is filled in can become markup."""
    environment = Environment(
        loader=PackageLoader("evaltools.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        static=address,
        say=partial(_say, language, "web"),
        tell=partial(_say, language, "site"),
        many=partial(_many, language),
        moment=partial(clock, language=language),
        share=partial(percent, language=language),
        decimal=partial(_decimal, language),
        drawn=partial(_drawn, language),
    )
    return environment


@lru_cache(maxsize=4096)
def _drawn(language: Language, question: Question) -> Markup:
    """The markup of one question. Most are alike for everybody, since most have not been answered yet."""
    draw_question = vars(_template("controls.html", language).module)["draw"]  # a macro of the template
    found: Markup = draw_question(question)
    return found


def _say(language: Language, room: str, key: str, **values: object) -> str:
    return texts(language).say(f"{room}.{key}", **values)


def _many(language: Language, count: int, key: str) -> str:
    return many(count, key, language)


def _decimal(language: Language, value: float) -> str:
    return number(value, 2, language)
