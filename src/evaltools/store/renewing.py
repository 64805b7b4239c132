"""Making a store anew: aside, and in the old one's place only when it is complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaltools.errors import Fault, StoreError
from evaltools.store.beside import aside, remove_store
from evaltools.store.fieldwork.waves import read_waves
from evaltools.store.handle import Store, reading
from evaltools.store.opening import open_store


@contextmanager
def new_store(path: Path | str, *, renew: bool = False) -> Iterator[Store]:
    """A new store for a rehearsal; it appears under `path` when the `with` block ends without a fault.

    With `renew` it replaces a rehearsal that lies there; until then, and after a fault, the old one stays whole.
    Raises: `StoreError` STORE_EXISTS, HOLDS_REAL_ANSWERS, STORE_IN_USE, and what `open_store` raises.
    """
    place = Path(path)
    if place.exists():
        _refuse_loss(place, renew=renew)
    growing = aside(place)
    try:
        with open_store(growing, create=True) as store:
            yield store
        remove_store(place, journals_only=True)
        growing.replace(place)
    except PermissionError as error:
        problem = f"the store cannot be replaced ({error.strerror})"
        raise StoreError(Fault("STORE_IN_USE", str(place), problem, "Close the program that uses it.")) from error
    finally:
        remove_store(growing)


def _refuse_loss(place: Path, *, renew: bool) -> None:
    if not renew:
        remedy = "Add --renew to make it anew, or name another file."
        raise StoreError(Fault("STORE_EXISTS", str(place), "there is a store here already", remedy))
    with open_store(place) as store, reading(store) as connection:
        real = [opened.questionnaire.id for opened in read_waves(connection) if opened.origin != "rehearsal"]
    if real:
        problem = f"this store holds answers to {', '.join(real)} that are not made up"
        raise StoreError(Fault("HOLDS_REAL_ANSWERS", str(place), problem, "Name another file for the rehearsal."))
