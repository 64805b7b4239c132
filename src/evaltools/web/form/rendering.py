"""Pages made into HTML: one template per kind of page, autoescape always on, an unknown name is an error."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from evaltools.language import Language, texts
from evaltools.web.form.saying import many
from evaltools.web.form.section_page import SectionPage
from evaltools.web.form.shell import Shell

Page = SectionPage

TEMPLATES: Final[Mapping[type[Page], str]] = MappingProxyType({SectionPage: "section.html"})
"""The template of each kind of page."""


def render(page: Page, shell: Shell) -> str:
    """The page as a whole HTML document."""
    template = environment().get_template(TEMPLATES[type(page)])
    return template.render(
        page=page, shell=shell, say=partial(_say, shell.language), many=partial(_many, shell.language)
    )


@cache
def environment() -> Environment:
    """The templates of the form; nothing that is filled in can become markup."""
    return Environment(
        loader=PackageLoader("evaltools.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _say(language: Language, key: str, **values: object) -> str:
    return texts(language).say(f"web.{key}", **values)


def _many(language: Language, count: int, key: str) -> str:
    return many(count, key, language)
