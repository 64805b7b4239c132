"""Marks in prose, such as `{{use:n}}` or `@fig-use`, made into runs of numbers, sentences, references and constants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evaltools.document.model import Inline, NumberRun, ReferenceRun, Run, TextRun
from evaltools.errors import Fault, near
from evaltools.language import Texts
from evaltools.memo.constants import fixed_entry
from evaltools.memo.model import Chapter, Entry, Shown
from evaltools.memo.prose import without_double_stops
from evaltools.present.model import FigureExhibit, SentenceExhibit, TableExhibit


@dataclass(frozen=True, slots=True)
class Known:
    """What a mark can stand for: numbers and sentences by id, and the ids of figures and tables."""

    entries: Mapping[str, Entry]
    sentences: Mapping[str, SentenceExhibit]
    exhibits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A mark as runs, what is wrong with it, and the register entry of a constant that it brings along."""

    runs: Inline
    faults: tuple[Fault, ...] = ()
    constant: Entry | None = None


def known_marks(chapters: Iterable[Chapter], entries: Mapping[str, Entry]) -> Known:
    """What the chapters showed; any of them may refer to it. entries : their numbers by id."""
    shown = [shown for chapter in chapters for cell in chapter.cells for shown in cell.shown]
    return Known(entries, dict(_sentences(shown)), tuple(_exhibits(shown)))


def resolve(mark: str, place: str, known: Known, texts: Texts) -> Resolved:
    """A mark as runs. mark : what stands in the braces, or `@` with an id. place : chapter, cell and line."""
    if mark.startswith("@"):
        return _reference(mark.removeprefix("@"), place, known)
    if mark.startswith("fixed:"):
        return _constant(mark.removeprefix("fixed:"), place, texts)
    number_id, _, form = mark.partition(":")
    if number_id in known.sentences:
        return _sentence(number_id, known)
    if number_id not in known.entries:
        remedy = near(number_id, [*known.entries, *known.sentences])
        fault = Fault("UNKNOWN_NUMBER", place, f'no cell shows the number "{number_id}"', remedy)
        return Resolved((TextRun(f"[{mark}?]", bold=True),), (fault,))
    return _number(number_id, form, place, known)


def _sentences(shown: Iterable[Shown]) -> Iterator[tuple[str, SentenceExhibit]]:
    return ((each.id, each.exhibit) for each in shown if isinstance(each.exhibit, SentenceExhibit))


def _exhibits(shown: Iterable[Shown]) -> Iterator[str]:
    return (each.id for each in shown if isinstance(each.exhibit, (FigureExhibit, TableExhibit)))


def _number(number_id: str, form: str, place: str, known: Known) -> Resolved:
    number = known.entries[number_id].number
    if form in number.shown:
        return Resolved((NumberRun(number_id, form, number.shown[form]),))
    remedy = near(form, [each for each in number.shown if each])
    fault = Fault("UNKNOWN_FORM", place, f'"{number_id}" has no form "{form}"', remedy)
    return Resolved((TextRun(f"[{number_id}:{form}?]", bold=True),), (fault,))


def _constant(written: str, place: str, texts: Texts) -> Resolved:
    """A number that is no result, such as how many municipalities there are, with where it is from."""
    shown, _, source = (part.strip() for part in written.partition("|"))
    if not shown or not source:
        remedy = "Write {{fixed:98|Danmarks Statistik, kommuner}}."
        fault = Fault("FIXED_WITHOUT_SOURCE", place, f'the constant "{shown}" has no source', remedy)
        return Resolved((TextRun(shown),), (fault,))
    entry = fixed_entry(shown, source, place.partition(",")[0], texts)
    return Resolved((NumberRun(entry.id, "", shown),), constant=entry)


def _sentence(sentence_id: str, known: Known) -> Resolved:
    """A generated sentence with its numbers traced."""
    runs: list[Run] = []
    faults: list[Fault] = []
    for piece, key, form in _pieces(known.sentences[sentence_id].text):
        if piece:
            runs.append(TextRun(piece))
        if key:
            number = _number(f"{sentence_id}.{key}", form, sentence_id, known)
            runs.extend(number.runs)
            faults.extend(number.faults)
    return Resolved(without_double_stops(runs), tuple(faults))


def _pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """Words, then key and form of the number that follows them ("" after the last)."""
    rest = text
    while rest:
        before, brace, after = rest.partition("{")
        inner, _, rest = after.partition("}")
        key, _, form = inner.partition(":")
        yield before, key if brace else "", form


def _reference(target: str, place: str, known: Known) -> Resolved:
    if target in known.exhibits:
        return Resolved((ReferenceRun(target),))
    remedy = near(target, known.exhibits)
    fault = Fault("UNKNOWN_REFERENCE", place, f'there is no "{target}" in the memo', remedy)
    return Resolved((TextRun(f"[{target}?]", bold=True),), (fault,))
