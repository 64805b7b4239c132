"""Which status tells that the store refused something."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_CODES: Final[Mapping[int, list[str]]] = MappingProxyType(
    {
        403: ["WAVE_CLOSED", "STATISTICS_MODE"],
        404: ["UNKNOWN_UNIT", "NO_SUCH_WAVE", "NO_SUCH_GRANT", "LINK_NOT_VALID"],
        503: ["STORE_READ_ONLY", "STORE_BUSY", "STORE_FAILED", "STORE_CLOSED", "RETENTION_MISSING"],
        507: ["DISK_FULL"],
    }
)
_REFUSED: Final = 422


def status_of_fault(code: str) -> int:
    """The status for a fault of the store; what is not listed is a request that cannot be done as it stands.

    >>> status_of_fault("DISK_FULL"), status_of_fault("WRONG_SCHEMA")
    (507, 422)
    """
    return next((status for status, codes in _CODES.items() if code in codes), _REFUSED)
