"""A page for descriptions of the good placement: what placements that held look like beside those that broke down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from evaltools.collect import Answers
from evaltools.document.model import Block
from evaltools.language import number as in_digits
from evaltools.local.blocks import own_table, part_of
from evaltools.local.counting import units, whole
from evaltools.local.joint import Fact
from evaltools.local.model import LocalRecord
from evaltools.local.moments import month_number
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.spans import BREAKDOWNS, NETWORK, last_month
from evaltools.schema.thresholds import thresholds

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
    return values.get("fu_1_at") == "3" if _is_followed(values) else None


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


@dataclass(frozen=True, slots=True)
class _Groups:
    """Placements that held and placements that broke down; name : the key of the words for which these are."""

    name: str
    held: list[LocalRecord]
    broke: list[LocalRecord]


def _groups(local: Local) -> _Groups:
    """Placements that lasted a year, and those that broke down within it, of those followed from their beginning.

    For publication, where a group of these is too small for its parts to be shown: all placements of the register,
    those that broke down at whatever time beside those that have lasted a year.
    """
    followed = [record for record in local.records if _is_followed(record.values)]
    lasted = {record.line: _months(local, record.values) for record in local.records}
    soon = [each for each in followed if 0 <= lasted[each.line] < _YEAR and _broke(each)]
    groups = _Groups("followed", [each for each in followed if lasted[each.line] >= _YEAR], soon)
    if local.internal or min(len(groups.held), len(groups.broke)) >= _least():
        return groups
    held = [each for each in local.records if lasted[each.line] >= _YEAR and not _broke(each)]
    return _Groups("registered", held, [each for each in local.records if _broke(each)])


def _least() -> int:
    """The smallest group of which a part and the rest may both be shown."""
    return 2 * thresholds()["children"]


def _is_followed(values: Answers) -> bool:
    return isinstance(values.get("start_month"), str) and values.get("followed_from") == values.get("start_month")


def _broke(record: LocalRecord) -> bool:
    return record.values.get("status") == "2" and record.values.get("end_type") in BREAKDOWNS


def _months(local: Local, values: Answers) -> int:
    """How many months a placement has lasted; -1 where that is not known."""
    start, stop = month_number(values.get("start_month")), month_number(values.get("end_month"))
    end = month_number(last_month(local)) or 0
    return -1 if start is None else (end if stop is None else stop) - start


def _says(local: Local) -> list[str]:
    groups = _groups(local)
    facts = [Fact(units(group), units(group), "count") for group in (groups.held, groups.broke)]
    held, broke = (in_digits(len(fact.counted), 0, local.language) for fact in facts)
    basis = local.say(f"pathway.basis.{groups.name}", least=_least(), held=held, broke=broke)
    told = basis if local.may_tell_all(facts) else local.say("pathway.basis.hidden")
    return [told, local.say("pathway.use"), local.say("pathway.no_cause")]


def _shows(local: Local) -> list[Block]:
    groups = _groups(local)
    facts = {key: [_of(judge, group) for group in (groups.held, groups.broke)] for key, judge in _ASKED.items()}
    rows = [[local.say(f"pathway.asked.{key}"), *(part_of(local, fact) for fact in of)] for key, of in facts.items()]
    header = ["", local.say(f"pathway.held.{groups.name}"), local.say(f"pathway.broke.{groups.name}")]
    return [own_table(local, "pathway.table", header, rows, widths=(3.4, 1.5, 1.5))]


def _of(judge: _Known, group: list[LocalRecord]) -> Fact:
    known = [record for record in group if judge(record.values) is not None]
    return Fact(units(record for record in known if judge(record.values)), units(known))


PATHWAY: Final = System("pathway", "placement_followup", _COUNTED, _says, _shows)
