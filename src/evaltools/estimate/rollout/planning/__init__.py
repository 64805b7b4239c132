"""Before a rollout: what a plan can show, by formula and by simulation on the user's own baseline."""

from evaltools.estimate.rollout.planning.baseline import Baseline, baseline
from evaltools.estimate.rollout.planning.closed import (
    Wedge,
    stepped_wedge_change,
    stepped_wedge_power,
    two_proportion_power,
    two_proportion_size,
)
from evaltools.estimate.rollout.planning.orders import Order, order_by_lot, order_by_unit
from evaltools.estimate.rollout.planning.power import Assumed, power
from evaltools.estimate.rollout.planning.stock import stock_against_flow

__all__ = [
    "Assumed",
    "Baseline",
    "Order",
    "Wedge",
    "baseline",
    "order_by_lot",
    "order_by_unit",
    "power",
    "stepped_wedge_change",
    "stepped_wedge_power",
    "stock_against_flow",
    "two_proportion_power",
    "two_proportion_size",
]
