"""Sentences made from numbers: what they say follows from the counts and their uncertainty, never from the author.

Every number stands as `{key}` or `{key:form}` in the text and can be traced. Causal words do not occur.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.indicators import against_target, two_proportions
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, Texts, capitalised, full_stop, texts, word_for_share
from evaltools.present.comparing import comparable
from evaltools.present.disclosure import release
from evaltools.present.forms import COUNTS_ONLY_BELOW, base_noun, has_interval
from evaltools.present.model import ConfidentialCell, Number, Released, SentenceExhibit
from evaltools.present.numbers import fixed, row_number
from evaltools.present.series import estimate_of

Verdict = Literal["larger", "smaller", "alike", "borderline", "same"]
_SIGNIFICANT: Final = 0.05


def sentence(
    released: Released, statement: str, *, among: str = "", language: Language = "da", **coordinates: str
) -> SentenceExhibit:
    """One share in words: how many of whom, with counts and per cent.

    statement : what they do, beginning with the verb ("bruger Familierådslagning"). among : who the base is, where it
    is not everybody who answered ("kommuner, der bruger metoden"). coordinates : which row.
    Raises `ReleaseError` NOT_A_SHARE, and `DesignError` NO_SUCH_ROW or MANY_ROWS.

    The word for the share is that of `word_scale.yaml`; bases under 20 have no per cent.
    released : shares. language : of the words around the numbers. Returns a sentence whose numbers can be traced.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses", category="yes"))
    >>> ev.sentence(released, "use the method", language="en").text
    'A majority of the {x:n} units that answered use the method ({x:count} units, {x}).'
    """
    result = _shares(released)
    row = result.row(**coordinates)
    say = texts(language)
    number = row_number(released, row, language=language)
    noun = base_noun(result, language)
    if number.disclosure == "hidden":
        text = say.say("present.sentence.hidden", nouns=noun.many, statement=statement)
        return _exhibit([text], {"x": number}, released.cells)
    among = among or say.say("present.sentence.answered", nouns=noun.many)
    comma = "," if language == "da" and "," in among else ""
    text = say.say(
        f"present.sentence.{_template(row)}",
        n="{x:n}",
        among=among + comma,
        statement=statement,
        brackets=_brackets(row, noun.one if row.count == 1 else noun.many, say),
    )
    return _exhibit([text], {"x": number}, released.cells)


def compare_sentence(
    earlier: Released,
    later: Released,
    share: str,
    *,
    names: tuple[str, str] = ("", ""),
    difference: Released | None = None,
    language: Language = "da",
) -> SentenceExhibit:
    """Two shares side by side, and whether the numbers can tell them apart.

    earlier, later : one row each, of the same unit and base. share : what share it is ("andelen af nye familier, der
    ...,"). names : when or where, as adverbials ("i 2012"); the rows' labels where they are empty.
    difference : a released difference where the two are not independent (a panel); else the interval of Miettinen
    and Nurminen (1985), which must agree with Fisher's exact test before one share is called larger.
    Raises `ReleaseError` UNLIKE_UNITS: children and families are never compared; `DesignError` NO_COUNTS.
    language : of the words around the numbers. Returns a sentence whose numbers can be traced.

    >>> import evaltools as ev
    >>> counts = [{"id": "a", "count": "8", "base": "57", "period": "2012"},
    ...           {"id": "b", "count": "22", "base": "98", "period": "2013"}]
    >>> about = {"label": "New families", "unit": "families", "measure": "families", "citation": "A report"}
    >>> case = ev.indicators.published_case("x", cases={"x": {**about, "counts": counts}}, language="en")
    >>> earlier, later = (ev.release(case.only(period=name)) for name in ("a", "b"))
    >>> ev.compare_sentence(earlier, later, "the share", language="en").text[:72]
    'The share is {earlier} ({earlier:counts}) in 2012 and {later} ({later:co'
    """
    one, other = comparable(earlier, later)
    numbers = {"earlier": _number(earlier, language), "later": _number(later, language)}
    if "hidden" in (numbers["earlier"].disclosure, numbers["later"].disclosure):
        return _both(numbers, (one, other), (share, *names), (*earlier.cells, *later.cells), language)
    change = difference or release(two_proportions(one, other))
    numbers["difference"] = _number(change, language)
    verdict = verdict_of(estimate_of(change))
    say = texts(language)
    words = _words((one, other), (share, *names), say)
    spread = {"difference": "{difference}", "limits": "{difference:limits}", "level": _level(estimate_of(change))}
    key = verdict if verdict in ("larger", "smaller") else "both"
    text = [say.say(f"present.sentence.{key}", **words)]
    if verdict == "same":
        text.append(say.say("present.sentence.same"))
    elif has_interval(estimate_of(change).row()):
        text.append(say.say(f"present.sentence.{'beyond' if key == verdict else verdict}", **spread))
    return _exhibit(text, numbers, (*earlier.cells, *later.cells))


def target_sentence(
    released: Released,
    share: str,
    target: float,
    *,
    source: str = "",
    language: Language = "da",
) -> SentenceExhibit:
    """One share and its target: below, above, or not to be told apart.

    released : one row with counts. target : a share (0.33). source : where the target is from; the source of the
    share where it is empty. The interval of the row and the exact binomial test must agree.
    Raises `ReleaseError` NOT_A_SHARE, HIDDEN_NUMBER; `DesignError` NO_COUNTS, TARGET_NOT_A_SHARE.
    language : of the words around the numbers. Returns a sentence whose numbers can be traced.

    >>> import evaltools as ev
    >>> counts = [{"id": "a", "count": "8", "base": "57", "period": "2012"},
    ...           {"id": "b", "count": "22", "base": "98", "period": "2013"}]
    >>> about = {"label": "New families", "unit": "families", "measure": "families", "citation": "A report"}
    >>> case = ev.indicators.published_case("x", cases={"x": {**about, "counts": counts}}, language="en")
    >>> later = ev.release(case.only(period="b"))
    >>> ev.target_sentence(later, "the share", 0.33, language="en").text[:67]
    'The share is {x} ({x:counts}) and lies below the target of {target}'
    """
    result = _shares(released)
    row = _only(result)
    say = texts(language)
    origin = source or result.source.citation or result.source.survey
    goal = fixed(
        100 * target, origin, label=say.say("present.sentence.target_label"), unit="percent", language=language
    )
    numbers = {"x": _open_number(released, language), "target": goal}
    words = {
        "share": share,
        "value": _value("x", row, say),
        "target": "{target}",
        "spread": say.say("present.sentence.target_spread", level=_level(result), limits="{x:limits}")
        if has_interval(row)
        else "",
    }
    text = say.say(f"present.sentence.target_{_against(result, row, target)}", **words)
    return _exhibit([text], numbers, released.cells)


def rare_sentence(released: Released, event: str, *, language: Language = "da") -> SentenceExhibit:
    """A rare event with its counts, share and interval ("1 sammenbrud blandt 38 anbringelser").

    released : one row with counts, whose interval is exact (Clopper-Pearson). event : what is counted.
    Raises `ReleaseError` NOT_A_SHARE, HIDDEN_NUMBER.
    language : of the words around the numbers. Returns a sentence whose numbers can be traced.

    >>> import evaltools as ev
    >>> about = {"label": "Placements", "unit": "placements", "measure": "placements", "citation": "A report"}
    >>> counts = [{"id": "all", "count": "1", "base": "38", "period": "2013"}]
    >>> case = ev.indicators.published_case("x", cases={"x": {**about, "counts": counts}}, language="en")
    >>> rare_sentence(ev.release(case), "breakdown", language="en").text[:60]
    '{x:count} breakdown among {x:n} placements have been recorde'
    """
    result = _shares(released)
    row = _only(result)
    say = texts(language)
    first = say.say(
        "present.sentence.rare", count="{x:count}", event=event, n="{x:n}", nouns=base_noun(result, language).many
    )
    key = "rare_share" if row.count else "rare_none"
    words = {"percent": "{x}", "interval": "{x:interval}", "level": _level(result)}
    return _exhibit([first, say.say(f"present.sentence.{key}", **words)], {"x": _open_number(released, language)}, ())


def citation_sentence(
    earlier: Released,
    later: Released,
    share: str,
    *,
    names: tuple[str, str] = ("", ""),
    language: Language = "da",
) -> SentenceExhibit:
    """Two published percentages without counts: cited as they are, and that they cannot be tested.

    Raises `ReleaseError` UNLIKE_UNITS, and COUNTS_ARE_KNOWN where the counts are published after all.
    earlier, later, share, names : as in `compare_sentence`. language : of the words around the numbers.
    Returns a sentence whose numbers can be traced.

    >>> import evaltools as ev
    >>> cited = [{"id": "a", "percent": "6.34", "period": "2012"}, {"id": "b", "percent": "9.14", "period": "2013"}]
    >>> about = {"label": "Network", "unit": "placements", "measure": "placements", "citation": "A report"}
    >>> case = ev.indicators.published_case("x", cases={"x": {**about, "cited": cited}}, language="en")
    >>> before, after = (ev.release(case.only(period=name)) for name in ("a", "b"))
    >>> sorted(citation_sentence(before, after, "the share", language="en").numbers)
    ['earlier', 'later']
    """
    one, other = comparable(earlier, later)
    if _only(one).count is not None and _only(other).count is not None:
        remedy = "Use compare_sentence."
        raise ReleaseError(Fault("COUNTS_ARE_KNOWN", one.source.question, "both shares have counts", remedy))
    say = texts(language)
    numbers = {"earlier": _number(earlier, language), "later": _number(later, language)}
    words = _words((one, other), (share, *names), say)
    words |= {"earlier": "{earlier}", "later": "{later}"}
    text = [say.say("present.sentence.cited", **words), say.say("present.sentence.cited_reason")]
    return _exhibit(text, numbers, ())


def verdict_of(difference: Estimate) -> Verdict:
    """What an interval for a difference, and Fisher's test where it was made, allow to say."""
    row = _only(difference)
    if row.low is not None and row.estimate == 0 and not has_interval(row):
        return "same"
    if row.low is None or row.high is None or row.low <= 0 <= row.high:
        return "alike"
    if difference.extra.get("fisher_p", 0.0) >= _SIGNIFICANT:
        return "borderline"
    return "larger" if row.low > 0 else "smaller"


def _template(row: Row) -> str:
    if row.count == 1 and row.n > 1:
        return "one"
    return word_for_share(row.estimate if row.count is None else row.count / row.n)


def _brackets(row: Row, noun: str, say: Texts) -> str:
    weighted = row.count is not None and abs(row.estimate - row.count / row.n) > 1e-9
    key = "counts_weighted" if weighted else "counts_percent"
    if row.n < COUNTS_ONLY_BELOW:
        key = "counts"
    return say.say(f"present.sentence.{key}", count="{x:count}", noun=noun, percent="{x}")


def _against(result: Estimate, row: Row, target: float) -> str:
    if row.low is not None and not has_interval(row):
        return "alike" if row.estimate == target else "below" if row.estimate < target else "above"
    p_value = against_target(result, target).extra["p_value"]
    if row.low is None or row.high is None or row.low <= target <= row.high or p_value >= _SIGNIFICANT:
        return "alike"
    return "below" if row.high < target else "above"


def _both(
    numbers: Mapping[str, Number],
    results: tuple[Estimate, Estimate],
    wording: tuple[str, str, str],
    cells: tuple[ConfidentialCell, ...],
    language: Language,
) -> SentenceExhibit:
    """Both shares where one is hidden: nothing is said about their difference."""
    say = texts(language)
    words = _words(results, wording, say) | {"earlier": "{earlier}", "later": "{later}"}
    return _exhibit([say.say("present.sentence.both", **words)], numbers, cells)


def _words(results: tuple[Estimate, Estimate], wording: tuple[str, str, str], say: Texts) -> dict[str, str]:
    share, *names = wording
    rows = [_only(result) for result in results]
    called = [
        name or say.say("present.sentence.in", label=row.labels[-1]) for name, row in zip(names, rows, strict=True)
    ]
    return {
        "share": share,
        "earlier": _value("earlier", rows[0], say),
        "later": _value("later", rows[1], say),
        "earlier_brackets": _value("earlier", rows[0], say, "value_brackets"),
        "later_brackets": _value("later", rows[1], say, "value_brackets"),
        "earlier_name": called[0],
        "later_name": called[1],
    }


def _value(key: str, row: Row, say: Texts, form: str = "value") -> str:
    """Per cent and counts, or only the one that exists and is allowed."""
    if row.count is None:
        return f"{{{key}}}"
    if row.n < COUNTS_ONLY_BELOW:
        return f"{{{key}:counts}}"
    return say.say(f"present.sentence.{form}", counts=f"{{{key}:counts}}", percent=f"{{{key}}}")


def _level(result: Estimate) -> str:
    return str(round(100 * _only(result).level))


def _shares(released: Released) -> Estimate:
    result = estimate_of(released)
    if result.measure != "share":
        problem = f"a {result.measure} is not a share"
        raise ReleaseError(Fault("NOT_A_SHARE", result.source.question, problem, "Take a proportion."))
    return result


def _only(result: Estimate) -> Row:
    return result.row()


def _number(released: Released, language: Language) -> Number:
    return row_number(released, _only(estimate_of(released)), language=language)


def _open_number(released: Released, language: Language) -> Number:
    number = _number(released, language)
    if number.disclosure == "hidden":
        remedy = "Leave the sentence out; the number is not shown."
        raise ReleaseError(Fault("HIDDEN_NUMBER", number.label, "the number is hidden by the release plan", remedy))
    return number


def _exhibit(parts: list[str], numbers: Mapping[str, Number], cells: tuple[ConfidentialCell, ...]) -> SentenceExhibit:
    return SentenceExhibit(" ".join(full_stop(capitalised(part.strip())) for part in parts), dict(numbers), cells)
