"""A page for descriptions of the good placement: what placements that held look like beside those that broke down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from evaltools.collect import Answers
from evaltools.document.model import Block
from evaltools.local.blocks import counted, few, own_table
from evaltools.local.counting import whole
from evaltools.local.moments import month_number
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.spans import BREAKDOWNS, NETWORK, last_month

_YEAR: Final = 12
_COUNTED: Final = ("r3_network_new", "r3_considered", "r3_preventive", "r3_support", "r3_thriving", "r3_breakdown")

_Known = Callable[[Answers], bool | None]
"""Whether something is true of a placement; None where that is not known."""


def _is(name: str, *codes: str) -> _Known:
    def judge(values: Answers) -> bool | None:
        value = values.get(name)
        return value in codes if isinstance(value, str) else None

    return judge


def _helped(values: Answers) -> bool | None:
    value = values.get("preventive")
    return "0" not in value if isinstance(value, tuple) else None


def _same_caseworker(values: Answers) -> bool | None:
    changes = whole(values, "caseworker_changes")
    return None if changes is None else changes == 0


def _followed_soon(values: Answers) -> bool | None:
    return values.get("fu_1_at") == "3"


_ASKED: Final[Mapping[str, _Known]] = {
    "network": _is("placement_type", *NETWORK),
    "considered": _is("network_considered", "1"),
    "helped": _helped,
    "consent": _is("legal_basis", "1"),
    "caseworker": _same_caseworker,
    "followed": _followed_soon,
    "parents": _is("contact_parents", "1", "2"),
    "support": _is("support_sufficient", "3", "4"),
    "safe": _is("needs_met_a", "3", "4"),
}
"""What is asked about the two groups, by the key of its words."""


def _groups(local: Local) -> tuple[list[Answers], list[Answers]]:
    """Placements seen from their beginning that lasted a year, and those that broke down within it."""
    end = month_number(last_month(local)) or 0
    held: list[Answers] = []
    broke: list[Answers] = []
    for record in local.records:
        start, stop = month_number(record.values.get("start_month")), month_number(record.values.get("end_month"))
        if start is None or record.values.get("followed_from") != record.values.get("start_month"):
            continue
        if (end if stop is None else stop) - start >= _YEAR:
            held.append(record.values)
        elif record.values.get("end_type") in BREAKDOWNS:
            broke.append(record.values)
    return held, broke


def _says(local: Local) -> list[str]:
    held, broke = _groups(local)
    said = {"held": few(local, len(held)), "broke": few(local, len(broke))}
    return [local.say("pathway.basis", **said), local.say("pathway.use"), local.say("pathway.no_cause")]


def _shows(local: Local) -> list[Block]:
    groups = _groups(local)
    rows = [
        [local.say(f"pathway.asked.{key}"), *(_of(local, judge, group) for group in groups)]
        for key, judge in _ASKED.items()
    ]
    header = ["", local.say("pathway.held"), local.say("pathway.broke")]
    return [own_table(local, "pathway.table", header, rows, widths=(3.4, 1.5, 1.5))]


def _of(local: Local, judge: _Known, group: list[Answers]) -> str:
    known = [answer for values in group if (answer := judge(values)) is not None]
    return counted(local, "", known, "placement").strip() if known else "–"


PATHWAY: Final = System("pathway", "placement_followup", _COUNTED, _says, _shows)
