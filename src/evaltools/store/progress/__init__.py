"""How the field work goes: who has come how far, how skewed the answers so far are, and whom to call next.

Everything here is computed from the statuses of the units. The status board and the command line show the same report.
"""

from evaltools.store.progress.balance import Balance, Behind, balance, gains
from evaltools.store.progress.calling import Call, whom_to_call
from evaltools.store.progress.counting import Rate, Stages, count_stages, response_rates
from evaltools.store.progress.filling import SectionProgress, section_progress
from evaltools.store.progress.report import FRAME_COLUMNS, FieldworkReport, fieldwork_report

__all__ = [
    "FRAME_COLUMNS",
    "Balance",
    "Behind",
    "Call",
    "FieldworkReport",
    "Rate",
    "SectionProgress",
    "Stages",
    "balance",
    "count_stages",
    "fieldwork_report",
    "gains",
    "response_rates",
    "section_progress",
    "whom_to_call",
]
