"""The one place where a sentence may speak of an effect: of results that a comparison carries, with what is assumed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, capitalised, full_stop, number, texts
from evaltools.present.forms import base_noun
from evaltools.present.model import Released, SentenceExhibit
from evaltools.present.numbers import row_number
from evaltools.present.series import estimate_of

_TARGETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rollout.group_time_effects": "group_time",
        "rollout.aggregate": "simple",
        "rollout.event_study": "event",
        "rollout.imputation": "imputation",
        "rollout.sun_abraham": "imputation",
        "rollout.synthetic_difference": "synthetic",
    }
)
"""Verbs that compare with units without the method -> what their number is an average of, a key of `rollout.target`."""
_DIGITS: Final = 1


def effect_sentence(
    released: Released, share: str, method: str, *, language: Language = "da", **coordinates: str
) -> SentenceExhibit:
    """An effect in words: how large, how sure, whose average it is, and what must hold for it to be one.

    released : a result of `ev.rollout` that compares with units without the method. share : what is measured ("andelen
    af nye anbringelser i netværket"). method : what was adopted. coordinates : which row, such as `event="1"`;
    the row of all (`all`) where there are several and none is named. language : of the words around the numbers.

    Where the interval holds 0, the sentence says that no effect can be shown. Returns a sentence whose numbers can be
    traced. Raises `ReleaseError`: NO_COMPARISON for results before and after without a comparison, for diagnostics and
    for placebos; EFFECT_WITHOUT_INTERVAL, HIDDEN_NUMBER; `DesignError` NO_SUCH_ROW or MANY_ROWS.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.1, 3.2, 1, 2, 3.1, 1, 2, 5, 1, 2, 5.5, 1, 2, 5.2]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcdef" for _ in range(3)], "period": [2015, 2016, 2017] * 6, "y": y,
    ...                      "first": [None] * 9 + [2017] * 9})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> told = ev.effect_sentence(ev.release(ev.rollout.aggregate(effects)), "the score", "the method", language="en")
    >>> told.text[:50]
    'The score is higher with the method than the devel'
    """
    result = estimate_of(released)
    target = _target(result)
    row = _row(result, coordinates)
    shown = row_number(released, row, digits=_DIGITS if result.measure == "difference" else None, language=language)
    if shown.disclosure == "hidden":
        remedy = "Leave the sentence out; the number is not shown."
        raise ReleaseError(Fault("HIDDEN_NUMBER", shown.label, "the number is hidden by the release plan", remedy))
    if row.low is None or row.high is None:
        problem = "the effect has no interval, so that nothing can be said of it"
        remedy = "Take an average over cohorts; one unit alone has no uncertainty."
        raise ReleaseError(Fault("EFFECT_WITHOUT_INTERVAL", shown.label, problem, remedy))
    say = texts(language).say
    key = "unclear" if row.low <= 0 <= row.high else "up" if row.low > 0 else "down"
    told = {"share": share, "method": method, "x": "{x}", "limits": "{x:limits}", "level": f"{100 * row.level:g}"}
    units = base_noun(result, language).many
    whose = "size" if result.extra.get("by_size") else "unit"
    named = {"treated": next(iter(row.labels), ""), "period": row.coordinate("from")}
    words = say(f"rollout.target.{target}", units=units, **named)
    parts = [
        say(f"rollout.sentence.{key}", **told),
        say("rollout.sentence.target", target=words),
        say(f"rollout.sentence.by_{whose}", units=units, weight=result.source.weight),
        say("rollout.sentence.rests", n="{x:n}", units=units),
        _assumed(result, method, language),
    ]
    text = " ".join(full_stop(capitalised(part)) for part in parts)
    return SentenceExhibit(text, {"x": shown}, released.cells)


def _target(result: Estimate) -> str:
    """What the number is an average of; `ReleaseError` NO_COMPARISON where no comparison carries an effect."""
    call = _outermost(result.source.code)
    name = ast.unparse(call.func) if call else ""
    if call is None or name not in _TARGETS:
        problem = "this number is not a difference from units without the method, so that it is no effect"
        remedy = "Tell numbers before and after with `compare_sentence`; effects come from `ev.rollout`."
        raise ReleaseError(Fault("NO_COMPARISON", result.source.question, problem, remedy))
    kinds = [*(each.value for each in call.keywords if each.arg == "kind"), *call.args[1:]]
    kind = next((each.value for each in kinds if isinstance(each, ast.Constant)), "")
    return str(kind) if name == "rollout.aggregate" and kind else _TARGETS[name]


def _outermost(code: str) -> ast.Call | None:
    """The call that made a result; a choice of its rows (`.only(...)`) is passed over."""
    try:
        node: ast.expr = ast.parse(code, mode="eval").body
    except SyntaxError:
        return None
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "only":
        node = node.func.value
    return node if isinstance(node, ast.Call) else None


def _row(result: Estimate, coordinates: Mapping[str, str]) -> Row:
    if coordinates or len(result.rows) == 1:
        return result.row(**coordinates)
    whole = [row for row in result.rows if "all" in dict(row.coordinates).values()]
    return whole[0] if len(whole) == 1 else result.row()


def _assumed(result: Estimate, method: str, language: Language) -> str:
    """What must hold."""
    say, early = texts(language).say, round(result.extra.get("anticipation", 0.0))
    if not early:
        return say("rollout.sentence.assumes", method=method)
    key = f"rollout.event.before{'_one' if early == 1 else ''}"
    return say("rollout.sentence.assumes_early", method=method, early=say(key, count=number(early, 0, language)))
