"""Control charts: shares, rates or cases between events over time, with their limits and signals."""

from __future__ import annotations

from evaltools.language import Language
from evaltools.present.charts.curved import Shown, beyond_words, curve_of, marks_of, other_words
from evaltools.present.charts.exhibit import Drawing
from evaltools.present.charts.timeline import draw_timeline
from evaltools.present.model import FigureExhibit, Released


def control_chart(released: Released, title: str, *, note: str = "", language: Language = "da") -> FigureExhibit:
    """A p-, p'-, u- or g-chart as a picture: points over time, centre line, limits, and what is seen.

    released : a curve from `p_chart`, `p_prime_chart`, `u_chart` or `g_chart`. Points outside the limits are diamonds
    with their value, points in a long run are open; hidden periods are hatched, a period without cases is a gap.
    title : the finding in words. note : own remark after the standard note. language : of the words in the picture.

    Returns a figure with its picture, an alternative text that tells the signals or that there is none, and data.
    Raises `ReleaseError` NOT_A_CURVE, and NOTHING_TO_DRAW where no point may be shown.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> table = pd.DataFrame({"quarter": ["2018-Q1", "2018-Q2", "2018-Q3"], "found": [6, 9, 8], "new": [60, 75, 58]})
    >>> counts = ev.monitor.counts(table, at="quarter", count="found", base="new", language="en")
    >>> figure = ev.control_chart(ev.release(ev.monitor.p_chart(counts)), "Found in the network", language="en")
    >>> figure.rows[0][:4]
    ('Q1 2018', 10.0, 6, 60)
    """
    curve = curve_of(released, ("control", "gaps"), "control_chart")
    marks = marks_of(released, curve)
    seen = (*beyond_words(marks, language), *other_words(released, curve, language))
    line = "median" if curve.kind == "gaps" else "centre"
    return draw_timeline(Shown("control", released, curve, marks, seen), line, Drawing(title, note, language))
