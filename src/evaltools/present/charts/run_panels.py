"""Run charts of several groups, one below the other on the same scale, so that teams can be seen side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.curve import Curve
from evaltools.language import Language, texts
from evaltools.present.charts.curved import Mark, Shown, curve_of, marks_of
from evaltools.present.charts.exhibit import Drawing
from evaltools.present.charts.timeline import draw_panels
from evaltools.present.model import FigureExhibit, Released


def run_chart_panels(
    groups: Mapping[str, Released], title: str, *, note: str = "", language: Language = "da"
) -> FigureExhibit:
    """Run charts of groups in one picture: each in a strip of its own with its own median, all on the same scale.

    groups : words for each group -> a released curve from `run_chart`; all of the same periods. title, note, language :
    as in `control_chart`. Which signals are seen stands in the note, with the group that shows them; of a group with
    half of its points on the median nothing is said, because the rules do not count those.
    Returns a figure whose text and data tell every point. Raises `ReleaseError` NOT_A_CURVE and NOTHING_TO_DRAW.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> weeks = [f"2019-W{week:02d}" for week in range(1, 15)]
    >>> table = pd.DataFrame({"week": weeks, "held": [5, 7] * 7})
    >>> counts = ev.monitor.counts(table, at="week", count="held", unit="meeting", language="en")
    >>> curve = ev.release(ev.monitor.run_chart(counts))
    >>> run_chart_panels({"Intake": curve, "Youth": curve}, "By team", language="en").rows[0][0]
    'Intake, week 1, 2019'
    """
    if not groups:
        problem = "no group is given"
        raise ReleaseError(Fault("NOTHING_TO_DRAW", title, problem, "Give a curve for at least one group."))
    curves = {name: curve_of(each, ("run",), "run_chart_panels") for name, each in groups.items()}
    marks = [mark for name, each in groups.items() for mark in _marks(name, each, curves[name])]
    whole = replace(
        next(iter(curves.values())), points=tuple(mark.point for mark in marks), signals=(), verdict="", notes=()
    )
    seen = [words for name, each in groups.items() for words in _seen(name, each, curves[name], language)]
    silent = [name for name, curve in curves.items() if _on_the_median(curve)]
    seen += [texts(language).say("present.curve.on_the_median", groups=", ".join(silent))] if silent else []
    first = next(iter(groups.values()))
    shown = Shown("run", first, whole, tuple(marks), tuple(seen), numbered=False)
    made = draw_panels(shown, "median", Drawing(title, note, language))
    return replace(made, cells=tuple(cell for each in groups.values() for cell in each.cells))


def _marks(name: str, released: Released, curve: Curve) -> list[Mark]:
    """The points of one group, which say whose they are; where the rules say nothing, no run is marked."""
    silent, found = _on_the_median(curve), []
    for mark in marks_of(released, curve):
        flags = () if silent else mark.point.flags
        point = replace(mark.point, coordinates=(("group", name),), labels=(name,), flags=flags)
        found.append(replace(mark, name=f"{name}, {mark.name}", point=point))
    return found


def _seen(name: str, released: Released, curve: Curve, language: Language) -> list[str]:
    if released.hidden:
        return [f"{name}: {texts(language).say('present.curve.unsaid')}"]
    return [] if _on_the_median(curve) else [f"{name}: {each.words}" for each in curve.signals]


def _on_the_median(curve: Curve) -> bool:
    """Whether half of the points lie on the median, as where most weeks have none: the rules count only the others."""
    return 2 * sum(point.y == point.centre for point in curve.points) >= len(curve.points)
