"""Keeps every answer: append-only events, current state, snapshots. Loses nothing."""

from evaltools.store.arriving import read_submissions
from evaltools.store.erasing import erase_person, erase_record
from evaltools.store.fieldwork import decline, dispositions
from evaltools.store.handle import Store
from evaltools.store.model import (
    Channel,
    Conflict,
    Disposition,
    NotReceived,
    Outcome,
    Refused,
    Response,
    Saved,
    Snapshot,
    Submission,
    Unit,
    WaveSnapshot,
)
from evaltools.store.opening import open_store
from evaltools.store.receiving import receive, receive_all
from evaltools.store.renewing import new_store
from evaltools.store.snapshot_file import read_snapshot, write_snapshot
from evaltools.store.snapshots import take_snapshot
from evaltools.store.units import read_units
from evaltools.store.verifying import verify_store
from evaltools.store.waves import open_wave

__all__ = [
    "Channel",
    "Conflict",
    "Disposition",
    "NotReceived",
    "Outcome",
    "Refused",
    "Response",
    "Saved",
    "Snapshot",
    "Store",
    "Submission",
    "Unit",
    "WaveSnapshot",
    "decline",
    "dispositions",
    "erase_person",
    "erase_record",
    "new_store",
    "open_store",
    "open_wave",
    "read_snapshot",
    "read_submissions",
    "read_units",
    "receive",
    "receive_all",
    "take_snapshot",
    "verify_store",
    "write_snapshot",
]
