"""Answers as somebody would type them, and counts in words; how answers are read stands in `collect.saying`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from evaltools.collect.model import Problem
from evaltools.collect.saying import moment_words
from evaltools.language import Language, number, texts
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Field, Value
from evaltools.web.form.desk import Desk, fields_by_name
from evaltools.web.local_time import local


def typed_text(value: Value | None, field: Field, language: Language) -> str:
    """The answer as somebody would type it; nothing for a kind of missing and for codes.

    >>> from evaltools.language import Text
    >>> from evaltools.schema.model import Item
    >>> posts = Field("posts", Item("posts", "decimal", "s", Text("", ""), Text("", "")), "decimal", Text("", ""))
    >>> typed_text(1234.5, posts, "da"), typed_text(Missing.DONT_KNOW, posts, "da")
    ('1234,5', '')
    """
    if value is None or isinstance(value, Missing | tuple | bool):
        return ""
    if isinstance(value, str):
        return _typed_moment(value) if field.kind in ("date", "month") else value
    plain = str(int(value)) if float(value).is_integer() else repr(float(value))
    return plain.replace(".", ",") if language == "da" else plain


def clock(at: dt.datetime, language: Language) -> str:
    """A moment as people say it, on the clock of those who answer.

    >>> clock(dt.datetime(2018, 7, 1, 10, 5, tzinfo=dt.UTC), "da").replace("\u00a0", " ")
    '1. juli 2018 kl. 12.05'
    """
    return moment_words(local(at), language)


def label_of(desk: Desk, name: str) -> str:
    """What a field is called; a reason by the field that its rule stands beside, and where several do, by its doubt."""
    by_name = fields_by_name(desk.questionnaire)
    if name in by_name or not name.endswith(REASON_SUFFIX):
        return by_name[name].label.to(desk.language) if name in by_name else name
    doubts = {rule.name: rule for rule in desk.questionnaire.rules if rule.level == "explain"}
    doubt, say = doubts.get(name.removesuffix(REASON_SUFFIX)), texts(desk.language).say
    if doubt is None or doubt.at not in by_name:
        return say("web.reason", label=name)
    label = by_name[doubt.at].label.to(desk.language)
    if sum(rule.at == doubt.at for rule in doubts.values()) == 1:
        return say("web.reason", label=label)
    return say("web.reason_for", label=label, doubt=doubt.message.to(desk.language))


def reasons_by_rule(problems: Iterable[Problem], label: str, language: Language) -> Mapping[str, tuple[str, str]]:
    """What the box for each reason beside one field is called, and which of several it is, by the code of the doubt.

    label: what the field is called. The second text is empty where there is one doubt only.
    """
    say = texts(language).say
    codes = list(dict.fromkeys(problem.code for problem in problems if problem.level == "explain"))
    if len(codes) < 2:
        return {code: (say("web.reason", label=label), "") for code in codes}
    places = [say("web.place", number=number, count=len(codes)) for number in range(1, len(codes) + 1)]
    return {
        code: (say("web.reason_of", label=label, place=place), place) for code, place in zip(codes, places, strict=True)
    }


def many(count: int, key: str, language: Language) -> str:
    """A count with its noun, from `web.count.<key>.one` and `.many`."""
    form = "one" if count == 1 else "many"
    return texts(language).say(f"web.count.{key}.{form}", count=number(count, 0, language))


def _typed_moment(value: str) -> str:
    """`2018-03-31` as `31.3.2018`, `2018-03` as `3-2018`, as Danes write; what is neither stays as it is."""
    parts = value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return value
    reversed_parts = [str(int(part)) for part in reversed(parts)]
    return ("." if len(parts) == 3 else "-").join(reversed_parts)
