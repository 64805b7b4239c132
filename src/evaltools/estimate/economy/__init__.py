"""What things cost: per placement day, more than before, until it pays, in today's money, and what it hangs on."""

from evaltools.estimate.economy.amounts import Amount, computed
from evaltools.estimate.economy.costs import break_even, cost_per_day, incremental_cost, present_value
from evaltools.estimate.economy.tornado import tornado

__all__ = [
    "Amount",
    "break_even",
    "computed",
    "cost_per_day",
    "incremental_cost",
    "present_value",
    "tornado",
]
