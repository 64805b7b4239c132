"""What a published text tells, and what cannot follow from it because it gives no counts."""

from __future__ import annotations

import re
from typing import Final, Literal

from evaltools.estimate.indicators import Story
from evaltools.language import full_stop, texts
from evaltools.present.model import Number, SentenceExhibit
from evaltools.present.numbers import fixed

_DIGITS: Final = re.compile(r"\d+")
_YEARS: Final = range(1900, 2100)


def story_sentence(story: Story) -> SentenceExhibit:
    """The facts of a published text in its own words, and what they can carry.

    story : from `ev.story`. A text without counts shows what was done, never what it led to: the last sentence says so.
    Every figure in it is traced to the source. Returns sentences in the language of the story. Raises nothing.

    >>> import evaltools as ev
    >>> ev.story_sentence(ev.story("randers_unit")).text[:40]
    'Kilden fortæller: Enheden begyndte tidli'
    """
    say = texts(story.language).say
    numbers: dict[str, Number] = {}

    def traced(match: re.Match[str]) -> str:
        key = f"n{len(numbers) + 1}"
        value = int(match[0])
        unit: Literal["year", "number"] = "year" if value in _YEARS else "number"
        numbers[key] = fixed(value, story.citation, label=story.label, unit=unit, language=story.language)
        return f"{{{key}}}"

    facts = " ".join(_DIGITS.sub(traced, full_stop(fact)) for fact in story.facts)
    closing = say(f"present.story.{'counted' if story.counted else 'uncounted'}")
    return SentenceExhibit(f"{say('present.story.tells', facts=facts)} {closing}", numbers)
