"""The run chart: points over time around their median, and the rules of Anhøj."""

from __future__ import annotations

from evaltools.language import Language
from evaltools.present.charts.curved import Shown, curve_of, marks_of, other_words
from evaltools.present.charts.exhibit import Drawing
from evaltools.present.charts.timeline import draw_timeline
from evaltools.present.model import FigureExhibit, Released


def run_chart_figure(released: Released, title: str, *, note: str = "", language: Language = "da") -> FigureExhibit:
    """A run chart as a picture: points over time around their median, and what the rules see.

    released : a curve from `run_chart`. Points in a long run are open. title, note, language : as in `control_chart`.
    Returns a figure as `control_chart` does. Raises `ReleaseError` NOT_A_CURVE and NOTHING_TO_DRAW as that does.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> table = pd.DataFrame({"week": [f"2019-W{week:02d}" for week in range(1, 15)], "held": [5, 7] * 7})
    >>> counts = ev.monitor.counts(table, at="week", count="held", unit="meeting", language="en")
    >>> figure = ev.run_chart_figure(ev.release(ev.monitor.run_chart(counts)), "As before", language="en")
    >>> figure.alt.endswith("None of the rules sees more than chance.")
    True
    """
    curve = curve_of(released, ("run",), "run_chart_figure")
    marks = marks_of(released, curve)
    seen = tuple(other_words(released, curve, language))
    return draw_timeline(Shown("run", released, curve, marks, seen), "median", Drawing(title, note, language))
