"""Charts, one file each: they share style, canvas and exhibit, and do not know one another."""

from evaltools.present.charts.bar import bar_chart

__all__ = ["bar_chart"]
