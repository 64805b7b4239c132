"""The one place where a sentence may speak of an effect: of results that a comparison carries, with what is assumed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, capitalised, full_stop, number, texts
from evaltools.present.forms import base_noun
from evaltools.present.model import Released, SentenceExhibit
from evaltools.present.numbers import row_number
from evaltools.present.series import estimate_of

Compared = Literal["many", "one", "ranked"]
"""Many units against others; one against a mixture with an interval; one against a mixture, ranked among the others."""

_COMPARED: Final[Mapping[str, Compared]] = MappingProxyType(
    {
        "rollout.group_time_effects": "many",
        "rollout.aggregate": "many",
        "rollout.event_study": "many",
        "rollout.imputation": "many",
        "rollout.sun_abraham": "many",
        "rollout.synthetic_difference": "one",
        "rollout.synthetic_control": "ranked",
    }
)
"""Verbs that compare with units without the method."""
_DIGITS: Final = 1
_RARE: Final = 0.05


def effect_sentence(
    released: Released, share: str, method: str, *, language: Language = "da", **coordinates: str
) -> SentenceExhibit:
    """An effect in words: how large, how sure, whose average it is, and what must hold for it to be one.

    released : a result of `ev.rollout` that compares with units without the method. share : what is measured ("andelen
    af nye anbringelser i netværket"). method : what was adopted. coordinates : which row, such as `event="1"`;
    the row of all (`all`, or `mean`) where there are several and none is named. language : of the words around the
    numbers.

    Where the interval holds 0, the sentence says that no effect can be shown; for `synthetic_control`, where the unit
    is not among the one in twenty that stand out most. Returns a sentence whose numbers can be traced.
    Raises `ReleaseError`: NO_COMPARISON for results before and after without a comparison, for diagnostics, for
    placebos and for differences before adoption; EFFECT_WITHOUT_INTERVAL, HIDDEN_NUMBER; `DesignError` NO_SUCH_ROW or
    MANY_ROWS.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.1, 3.2, 1, 2, 3.1, 1, 2, 5, 1, 2, 5.5, 1, 2, 5.2]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcdef" for _ in range(3)], "period": [2015, 2016, 2017] * 6, "y": y,
    ...                      "first": [None] * 9 + [2017] * 9})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> told = ev.effect_sentence(ev.release(ev.rollout.aggregate(effects)), "the score", "the method", language="en")
    >>> told.text.split(". ")[0]
    'The score is higher in municipalities with the method than if they had developed like municipalities without'
    """
    result = estimate_of(released)
    compared, kind = _comparison(result)
    row = _row(result, coordinates)
    shown = row_number(released, row, digits=_DIGITS if result.measure == "difference" else None, language=language)
    if shown.disclosure == "hidden":
        remedy = "Leave the sentence out; the number is not shown."
        raise ReleaseError(Fault("HIDDEN_NUMBER", shown.label, "the number is hidden by the release plan", remedy))
    say = texts(language).say
    units = base_noun(result, language).many
    told = {"share": share, "method": method, "units": units, "unit": next(iter(row.labels), ""), "x": "{x}"}
    told |= {"limits": "{x:limits}", "level": f"{100 * row.level:g}", "weight": result.source.weight, "n": "{x:n}"}
    told |= {"others": f"{result.extra.get('placebos', result.extra.get('donors', 0)):.0f}"}
    told |= {"rank": f"{result.extra.get('rank', 0):.0f}", "all": f"{result.extra.get('placebos', 0) + 1:.0f}"}
    ending = "" if compared == "many" else f"_{compared}"
    over = _over(row, kind, language)
    whose = "against" if compared != "many" else "by_size" if result.extra.get("by_size") else "by_unit"
    parts = [
        say(f"rollout.sentence.{_verdict(result, row, compared)}{ending}", **told),
        *([say("rollout.sentence.rank", **told)] if compared == "ranked" else []),
        say(f"rollout.sentence.{whose}", over=over, **told),
        _assumed(result, told, compared, language),
    ]
    text = " ".join(full_stop(capitalised(part)) for part in parts)
    return SentenceExhibit(text, {"x": shown}, released.cells)


def _comparison(result: Estimate) -> tuple[Compared, str]:
    """How it was compared, and the kind of average; `ReleaseError` NO_COMPARISON where nothing carries an effect."""
    call = _outermost(result.source.code)
    name = ast.unparse(call.func) if call else ""
    if call is None or name not in _COMPARED:
        problem = "this number is not a difference from units without the method, so that it is no effect"
        remedy = "Tell numbers before and after with `compare_sentence`; effects come from `ev.rollout`."
        raise ReleaseError(Fault("NO_COMPARISON", result.source.question, problem, remedy))
    kinds = [*(each.value for each in call.keywords if each.arg == "kind"), *call.args[1:]]
    kind = next((each.value for each in kinds if isinstance(each, ast.Constant)), "")
    return _COMPARED[name], str(kind) if name == "rollout.aggregate" and kind else "simple"


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
    """The row that is asked for, or that of all; `ReleaseError` NO_COMPARISON before adoption."""
    whole = [row for row in result.rows if {"all", "mean"} & {value for _, value in row.coordinates}]
    row = whole[0] if len(whole) == 1 and not coordinates else result.row(**coordinates)
    if row.coordinate("event").startswith("-"):
        problem = "the method was not there yet, so that the difference is no effect"
        remedy = "Tell an effect after adoption; `pre_trend_test` is about differences before it."
        raise ReleaseError(Fault("NO_COMPARISON", " ".join(row.labels), problem, remedy))
    return row


def _verdict(result: Estimate, row: Row, compared: Compared) -> str:
    """Up, down, or unclear; `ReleaseError` EFFECT_WITHOUT_INTERVAL where nothing tells how sure the number is."""
    way = "up" if row.estimate > 0 else "down"
    if compared == "ranked":
        return way if result.extra["p_value"] <= _RARE else "unclear"
    if row.low is None or row.high is None:
        problem = "the effect has no interval, so that nothing can be said of it"
        remedy = "Take an average over cohorts; one unit alone has no uncertainty."
        raise ReleaseError(Fault("EFFECT_WITHOUT_INTERVAL", " ".join(row.labels), problem, remedy))
    return "unclear" if row.low <= 0 <= row.high else way


def _over(row: Row, kind: str, language: Language) -> str:
    """What the number is an average of, or which cohort and period it is for."""
    say = texts(language).say
    named = {name: value for name, value in row.coordinates if value != "all"}
    cohort, period, event = (named.get(name, "") for name in ("cohort", "period", "event"))
    if "from" in named:
        return say("rollout.sentence.since", period=named["from"])
    if period == "mean":
        return say("rollout.sentence.mean")
    if cohort and period:
        return say("rollout.sentence.cell", cohort=cohort, period=period)
    if event:
        return say("rollout.sentence.event_start") if event == "0" else _since(int(event), language)
    if cohort or period:
        return say(f"rollout.sentence.{'cohort' if cohort else 'period'}", cohort=cohort, period=period)
    return say(f"rollout.sentence.{kind}")


def _since(event: int, language: Language) -> str:
    say = texts(language).say
    when = say(f"rollout.event.after{'_one' if event == 1 else ''}", count=number(event, 0, language))
    return say("rollout.sentence.event", when=when)


def _assumed(result: Estimate, told: Mapping[str, str], compared: Compared, language: Language) -> str:
    """What must hold."""
    say, early = texts(language).say, round(result.extra.get("anticipation", 0.0))
    if compared != "many":
        return say("rollout.sentence.assumes_one", **told)
    if not early:
        return say("rollout.sentence.assumes", **told)
    key = f"rollout.event.before{'_one' if early == 1 else ''}"
    return say("rollout.sentence.assumes_early", early=say(key, count=number(early, 0, language)), **told)
