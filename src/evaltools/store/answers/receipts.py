"""Checking a receipt: that it is whole, and that the store keeps the same answers under the same version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from evaltools.collect import receipt_hash
from evaltools.errors import Fault
from evaltools.store.answers.versions import versions
from evaltools.store.handle import Store
from evaltools.store.model import Version


def verify_receipt(store: Store, receipt: Mapping[str, object]) -> tuple[Fault, ...]:
    """What differs between a receipt (its JSON) and what the store keeps; empty when all is the same.

    Raises: `CollectError` where the receipt holds what is no answer; `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT,
    RECORD_MISSING, RECORD_NOT_USED where it is about something that the store does not have.
    """
    return tuple(_faults(store, receipt))


def _faults(store: Store, receipt: Mapping[str, object]) -> Iterator[Fault]:
    survey, wave, unit, record = (str(receipt.get(name, "")) for name in ("survey", "wave", "unit", "record"))
    where = f"{survey}/{wave}, unit {unit}, version {receipt.get('version')}"
    if receipt_hash(receipt) != receipt.get("content_sha256"):
        problem = "its answers do not give its own content hash, so that something in it was changed"
        yield Fault("RECEIPT_CHANGED", where, problem, "Fetch the receipt again from the page it came from.")
    kept = {version.number: version for version in versions(store, survey, wave, unit, record)}
    number = receipt.get("version")
    version = kept.get(number) if isinstance(number, int) else None
    if version is None:
        problem = "the store has no submission with this version"
        told = f"The submissions it has: {', '.join(map(str, kept)) or 'none'}."
        yield Fault("RECEIPT_UNKNOWN", where, problem, told)
    else:
        yield from _differences(receipt, version, where)


def _differences(receipt: Mapping[str, object], version: Version, where: str) -> Iterator[Fault]:
    if not version.content_sha256:
        problem = "an answer of this version has been erased since, so that it cannot be compared"
        yield Fault("RECEIPT_ERASED", where, problem, "Nothing can be done; the receipt may still be whole in itself.")
    elif version.content_sha256 != receipt.get("content_sha256"):
        problem = "the store keeps other answers under this version"
        yield Fault("RECEIPT_DIFFERS", where, problem, "Verify the store, and compare it with its backup.")
    if _moment(receipt.get("submitted_at")) != version.at:
        problem = f"the store says that it was submitted at {version.at.isoformat()}"
        yield Fault("RECEIPT_TIME", where, problem, "Trust the store; its time is sealed in the chain.")


def _moment(text: object) -> dt.datetime | None:
    """The time that a receipt says; None where it says none."""
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
