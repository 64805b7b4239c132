"""What a person has typed on a page, in words, when nobody can tell any more whose answers they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaltools.language import Language
from evaltools.schema import Field, fields
from evaltools.schema.model import REASON_SUFFIX, Questionnaire
from evaltools.web.visit import Posted


def typed(questionnaires: Iterable[Questionnaire], form: Posted, language: Language) -> tuple[tuple[str, str], ...]:
    """Label and words of each posted answer, by the questionnaire that knows most of the names."""
    known = [{one.name: one for one in fields(each)} for each in questionnaires]
    best = max(known, key=lambda by_name: len(form.keys() & by_name.keys()), default={})
    return tuple(_typed(best, form, language))


def _typed(by_name: dict[str, Field], form: Posted, language: Language) -> Iterator[tuple[str, str]]:
    for name, values in form.items():
        words = "; ".join(value for value in values if value.strip())
        if words and name.endswith(REASON_SUFFIX):
            yield name.removesuffix(REASON_SUFFIX), words
        elif words and name in by_name:
            one = by_name[name]
            yield one.label.to(language), "; ".join(_label(one, value, language) for value in values)


def _label(field: Field, value: str, language: Language) -> str:
    categories = field.item.codelist.categories if field.item.codelist is not None else ()
    return next((one.label.to(language) for one in categories if one.code == value), value)
