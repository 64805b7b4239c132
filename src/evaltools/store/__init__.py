"""Keeps every answer: append-only events, current state, snapshots. Loses nothing."""

from evaltools.store.access.grants import find_grant, grants, make_grant, replace_grant, revoke_grant
from evaltools.store.access.operators import (
    add_operator,
    begin_operator,
    change_password,
    end_operator,
    find_operator,
    remove_operator,
)
from evaltools.store.access.sessions import (
    begin_session,
    end_session,
    end_sessions,
    find_session,
    open_sessions,
    session_named,
)
from evaltools.store.answers.arriving import read_submissions
from evaltools.store.answers.background import Background, OpenWave, background, open_waves
from evaltools.store.answers.current import current, records
from evaltools.store.answers.receipts import verify_receipt
from evaltools.store.answers.receiving import receive, receive_all
from evaltools.store.answers.versions import reopen, versions
from evaltools.store.answers.workbooks import keep_workbook, make_workbook, preview_workbook
from evaltools.store.fieldwork.contacts import contacts, set_contacts
from evaltools.store.fieldwork.dispositions import decline, dispositions
from evaltools.store.fieldwork.fieldwork_file import read_fieldwork
from evaltools.store.fieldwork.opening import open_wave
from evaltools.store.fieldwork.pages import find_page, has_page, save_pages
from evaltools.store.fieldwork.reminders import Reminder, note_outcome, reminders
from evaltools.store.fieldwork.settings import change_fieldwork, fieldwork_of
from evaltools.store.fieldwork.statuses import note_reminder, unit_statuses
from evaltools.store.fieldwork.units import read_units
from evaltools.store.fieldwork.waves import Population, population_of, questionnaire_of
from evaltools.store.grouping import grouped
from evaltools.store.handle import Store, at_once
from evaltools.store.keeping.erasing import erase_record
from evaltools.store.keeping.people import erase_person
from evaltools.store.keeping.purging import due_for_purge, purge
from evaltools.store.keeping.reads import Read, note_read, note_reads, reads
from evaltools.store.keeping.verifying import verify_store
from evaltools.store.model import (
    SCOPES,
    Channel,
    Conflict,
    Contact,
    Current,
    Disposition,
    Fieldwork,
    Grant,
    NewGrant,
    NotReceived,
    Outcome,
    Page,
    Refused,
    Response,
    Role,
    Saved,
    Scope,
    Session,
    Snapshot,
    Submission,
    Unit,
    UnitStatus,
    Version,
    WaveSnapshot,
    Writing,
)
from evaltools.store.opening import open_store
from evaltools.store.renewing import new_store
from evaltools.store.snapshot_file import read_snapshot, write_snapshot
from evaltools.store.snapshots import take_snapshot

__all__ = [
    "SCOPES",
    "Background",
    "Channel",
    "Conflict",
    "Contact",
    "Current",
    "Disposition",
    "Fieldwork",
    "Grant",
    "NewGrant",
    "NotReceived",
    "OpenWave",
    "Outcome",
    "Page",
    "Population",
    "Read",
    "Refused",
    "Reminder",
    "Response",
    "Role",
    "Saved",
    "Scope",
    "Session",
    "Snapshot",
    "Store",
    "Submission",
    "Unit",
    "UnitStatus",
    "Version",
    "WaveSnapshot",
    "Writing",
    "add_operator",
    "at_once",
    "background",
    "begin_operator",
    "begin_session",
    "change_fieldwork",
    "change_password",
    "contacts",
    "current",
    "decline",
    "dispositions",
    "due_for_purge",
    "end_operator",
    "end_session",
    "end_sessions",
    "erase_person",
    "erase_record",
    "fieldwork_of",
    "find_grant",
    "find_operator",
    "find_page",
    "find_session",
    "grants",
    "grouped",
    "has_page",
    "keep_workbook",
    "make_grant",
    "make_workbook",
    "new_store",
    "note_outcome",
    "note_read",
    "note_reads",
    "note_reminder",
    "open_sessions",
    "open_store",
    "open_wave",
    "open_waves",
    "population_of",
    "preview_workbook",
    "purge",
    "questionnaire_of",
    "read_fieldwork",
    "read_snapshot",
    "read_submissions",
    "read_units",
    "reads",
    "receive",
    "receive_all",
    "records",
    "reminders",
    "remove_operator",
    "reopen",
    "replace_grant",
    "revoke_grant",
    "save_pages",
    "session_named",
    "set_contacts",
    "take_snapshot",
    "unit_statuses",
    "verify_receipt",
    "verify_store",
    "versions",
    "write_snapshot",
]
