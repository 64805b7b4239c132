"""All checks in one go, in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from evaltools.errors import Fault
from evaltools.schema.asking import count_path
from evaltools.schema.checks.layout import layout_faults
from evaltools.schema.checks.links import link_faults
from evaltools.schema.checks.names import name_faults
from evaltools.schema.checks.reach import reach_faults
from evaltools.schema.checks.routing import routing_faults
from evaltools.schema.checks.rules import rule_faults
from evaltools.schema.resolve import Resolved


def path_faults(resolved: Resolved) -> Iterator[Fault]:
    """Example respondents who meet more fields than the questionnaire promises."""
    for path in resolved.questionnaire.paths:
        count = count_path(resolved.questionnaire, path)
        if path.at_most is not None and count.fields > path.at_most:
            problem = f'path "{path.name}" meets {count.fields} answer fields, more than {path.at_most}'
            yield Fault("PATH_TOO_LONG", path.where, problem, "Leave items out, or route around them.")


CHECKS: Final[tuple[Callable[[Resolved], Iterator[Fault]], ...]] = (
    layout_faults,
    link_faults,
    name_faults,
    routing_faults,
    reach_faults,
    rule_faults,
    path_faults,
)


def all_faults(resolved: Resolved) -> tuple[Fault, ...]:
    """Everything that is wrong, each fault once, by file and line."""
    found = dict.fromkeys(resolved.faults)
    for check in CHECKS:
        found.update(dict.fromkeys(check(resolved)))
    lost = resolved.expanded.lost
    return tuple(sorted((fault for fault in found if not lost.explains(fault)), key=_by_place))


def _by_place(fault: Fault) -> tuple[str, int]:
    name, _, line = fault.where.rpartition(":")
    return (name, int(line)) if line.isdigit() else (fault.where, 0)
