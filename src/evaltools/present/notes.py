"""The small print under a table or figure ("Anm.", "Kilde") and the rehearsal mark in its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.estimate.result import Estimate, Row, Source
from evaltools.language import Language, Texts, full_stop, listed, number, number_range, texts
from evaltools.present.forms import COUNTS_ONLY_BELOW, base_of, base_words, has_interval
from evaltools.present.model import Number, Released
from evaltools.present.series import Point, estimate_of, points

_UNWEIGHTED: Final = ("", "ingen", "none")
_NEXT_QUESTION: Final = re.compile(r"; (?=[a-z]\w*: )")
_NAME: Final = re.compile(r"[a-z]\w*(?=: )")
"""A question stands as `name: its words`; several are divided by semicolons."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What an exhibit adds to its standard note: own words, and the standard sentences that fit it."""

    own: str = ""
    interval: bool = False
    bounds: bool = False
    target: str = ""
    sizes: bool = True
    """Whether the size of the base is told with it."""
    percent: bool = False
    """Whether shares stand without the sign of per cent, and no heading says so."""


NO_REMARKS: Final = Remarks()


def titled(title: str, sources: Iterable[Source], language: Language) -> str:
    """The title, with the rehearsal mark where any number is made up."""
    return texts(language).say("present.rehearsal.title", title=title) if is_rehearsal(sources) else title


def is_rehearsal(sources: Iterable[Source]) -> bool:
    """Whether any of these numbers is made up."""
    return any(source.origin == "rehearsal" for source in sources)


def note_for(results: Sequence[Released], shown: Sequence[Point], remarks: Remarks, language: Language) -> str:
    """The note of an exhibit that shows these points.

    Two lines: "Anm.:" with question, base, weight and standard sentences, then "Kilde:".
    """
    say = texts(language)
    estimates = [estimate_of(released) for released in results]
    sources = [estimate.source for estimate in estimates]
    rows = [row for estimate in estimates for row in estimate.rows]
    parts = [
        *_questions([source.question for source in sources if source.question], say),
        *_bases(estimates, shown if remarks.sizes else (), say),
        *_unique(_weight(source, say) for source in sources if source.origin != "published"),
        *_standard(shown, rows, remarks, say),
        remarks.own,
    ]
    return compose(parts, sources, language)


def brief_note(released: Released, language: Language) -> str:
    """The note of one table among many of a kind: question, base and signs; what all have in common is said once."""
    say, source, shown = texts(language), estimate_of(released).source, points(released, language=language)
    signs = [part for part in _standard(shown, (), Remarks(), say) if part != say.say("present.note.several")]
    parts = [*_questions([source.question], say), *_bases([estimate_of(released)], shown, say), *signs]
    return compose(parts, [source], language)


def compose(parts: Iterable[str], sources: Sequence[Source], language: Language) -> str:
    """The two lines of a note from its sentences and the sources of the numbers."""
    say = texts(language)
    sentences = [full_stop(part) for part in parts if part]
    if is_rehearsal(sources):
        sentences.append(say.say("present.rehearsal.note"))
    origins = _unique(source.citation or source.title or source.survey for source in sources)
    lines = [say.say("present.note.remark", text=" ".join(sentences))] if sentences else []
    if any(origins):
        lines.append(full_stop(say.say("present.note.source", text="; ".join(filter(None, origins)))))
    return "\n".join(lines)


def base_text(universe: str, shown: Sequence[Point], language: Language) -> str:
    """Who the base is and how many: `kommuner, der har svaret (n = 69 af 98)`. Hidden bases are not told."""
    say = texts(language)
    rows = [point.row for point in shown if not point.hidden and point.row.n]
    if not rows:
        return base_words(universe)
    smallest, largest = (number(size, 0, language) for size in (min(row.n for row in rows), max(row.n for row in rows)))
    populations = {row.N for row in rows}
    size = next(iter(populations)) if len(populations) == 1 and smallest == largest else None
    key = "base" if size is None else "base_of"
    count = number_range(smallest, largest, language)
    return say.say(
        f"present.note.{key}", universe=base_words(universe), n=count, N=number(size or 0, 0, language)
    ).strip()


def sources_of(numbers: Iterable[Number]) -> list[Source]:
    """The different sources behind some numbers (their code apart)."""
    return list(
        {
            (number.source.survey, number.source.citation, number.source.origin): number.source for number in numbers
        }.values()
    )


def _questions(asked: Sequence[str], say: Texts) -> list[str]:
    """The one question as it was asked; several by their names only."""
    parts = _unique(part for question in asked for part in _NEXT_QUESTION.split(question))
    names = _unique(match[0] for part in parts if (match := _NAME.match(part)))
    if len(parts) > 1 and names:
        return [say.say("present.note.questions", ids=listed(names, say.language))]
    shown = _unique(question for question in asked if "?" not in question)
    asking = _unique(question for question in asked if "?" in question)
    return [question_note(each, say) for each in (*asking, "; ".join(shown)) if each]


def question_note(question: str, say: Texts) -> str:
    """The question as it was asked, or what a number without a question shows."""
    key = "question" if "?" in question else "shows"
    return say.say(f"present.note.{key}", question=question)


def _bases(estimates: Sequence[Estimate], shown: Sequence[Point], say: Texts) -> list[str]:
    """Every universe with the sizes of its bases, in one sentence."""
    by_universe: dict[str, list[Row]] = {}
    for estimate in estimates:
        by_universe.setdefault(estimate.source.universe, []).extend(estimate.rows)
    bases = [
        base_text(universe, [point for point in shown if point.row in rows], say.language)
        for universe, rows in by_universe.items()
    ]
    told = "; ".join(filter(None, bases))
    return [say.say("present.note.universe", base=told)] if told else []


def _weight(source: Source, say: Texts) -> str:
    if source.weight in _UNWEIGHTED:
        return say.say("present.note.unweighted")
    return say.say("present.note.weight", weight=source.weight)


def _standard(shown: Sequence[Point], rows: Sequence[Row], remarks: Remarks, say: Texts) -> Iterable[str]:
    """The standard sentences that fit what is shown."""
    with_limits = [row for row in rows if has_interval(row)] if remarks.interval else []
    if with_limits:
        level = max(round(100 * row.level) for row in with_limits)
        method = "; ".join(_unique(row.method for row in with_limits))
        yield say.say("present.note.interval", level=level, method=method)
    few = any(base_of(point.row) < COUNTS_ONLY_BELOW for point in shown if not point.hidden)
    unknown = any(point.value is None and not point.hidden for point in shown)
    fitting = {
        "percent": remarks.percent and not few,
        "percent_or_counts": remarks.percent and few,
        "bounds": remarks.bounds,
        "target": bool(remarks.target),
        "several": adds_up_to_more(shown),
        "rounding": rounding_shows(shown),
        "hidden": any(point.hidden for point in shown),
        "unknown": unknown,
    }
    words = {"target": remarks.target, "limit": COUNTS_ONLY_BELOW, "hidden": say.say("present.hidden")}
    yield from (say.say(f"present.note.{name}", **words) for name, fits in fitting.items() if fits)


def adds_up_to_more(shown: Sequence[Point]) -> bool:
    """Whether the points are ticks of one question with several answers: same base, more ticks than units."""
    return _same_question(shown) and sum(point.row.count or 0 for point in shown) > shown[0].row.n


def rounding_shows(shown: Sequence[Point]) -> bool:
    """Whether the points share out one base and the rounded per cents do not add up to 100."""
    counts = [point.row.count for point in shown]
    if not _same_question(shown) or sum(count or 0 for count in counts) != shown[0].row.n:
        return False
    return sum(round(point.value or 0) for point in shown) != 100


def _same_question(shown: Sequence[Point]) -> bool:
    """Whether the points differ in the answer only and have one base."""
    if len(shown) < 2 or any(point.row.count is None for point in shown):
        return False
    varying = {name for point in shown for name, _ in point.row.coordinates}
    varying = {name for name in varying if len({point.row.coordinate(name) for point in shown}) > 1}
    return varying <= {"category", "choice"} and len({point.row.n for point in shown}) == 1


def _unique(texts_found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts_found))
