"""Which response somebody means: the unit by any known spelling, the record where there are many."""

from __future__ import annotations

from sqlalchemy import Connection

from evaltools.errors import Fault, StoreError
from evaltools.schema.model import Questionnaire
from evaltools.store.fieldwork.waves import known_wave
from evaltools.store.guard import refuse_cpr_number
from evaltools.store.handle import Store
from evaltools.store.log.events import Key


def response_key(store: Store, connection: Connection, survey: str, wave: str, unit: str, record: str | None) -> Key:
    """The key of a response in a wave; without a record (None) that of the unit alone.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, RECORD_MISSING, RECORD_NOT_USED.
    """
    known = known_wave(store, connection, survey, wave)
    questionnaire = known.opened.questionnaire
    code = known.population.code(unit, questionnaire.id)
    if record is not None:
        check_record(questionnaire, record)
    return Key(survey, wave, code, record or "")


def check_record(questionnaire: Questionnaire, record: str) -> None:
    """`StoreError` RECORD_MISSING or RECORD_NOT_USED where the questionnaire wants it the other way, or CPR_IN_NAME."""
    where = questionnaire.id
    refuse_cpr_number(where, record)
    if questionnaire.many_records and not record:
        problem = f"{where} has many records per {questionnaire.unit}, and this one has no record id"
        raise StoreError(Fault("RECORD_MISSING", where, problem, "Give each record an id of its own in `record`."))
    if record and not questionnaire.many_records:
        problem = f'{where} is answered once per {questionnaire.unit}, and record "{record}" was named'
        raise StoreError(Fault("RECORD_NOT_USED", where, problem, "Leave `record` out."))
