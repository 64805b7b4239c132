"""Charts, one file each: they share style, canvas and exhibit, and do not know one another."""

from evaltools.present.charts.adoption import adoption_chart
from evaltools.present.charts.bar import bar_chart
from evaltools.present.charts.before_after import before_after
from evaltools.present.charts.control import control_chart
from evaltools.present.charts.event_study import event_study_chart
from evaltools.present.charts.funnel import funnel_chart
from evaltools.present.charts.interval import interval_chart
from evaltools.present.charts.power import power_chart
from evaltools.present.charts.response import response_chart
from evaltools.present.charts.run import run_chart_figure
from evaltools.present.charts.run_panels import run_chart_panels
from evaltools.present.charts.scale import scale_chart
from evaltools.present.charts.step import step_chart
from evaltools.present.charts.tile_map import tile_map
from evaltools.present.charts.tornado import tornado_chart

__all__ = [
    "adoption_chart",
    "bar_chart",
    "before_after",
    "control_chart",
    "event_study_chart",
    "funnel_chart",
    "interval_chart",
    "power_chart",
    "response_chart",
    "run_chart_figure",
    "run_chart_panels",
    "scale_chart",
    "step_chart",
    "tile_map",
    "tornado_chart",
]
