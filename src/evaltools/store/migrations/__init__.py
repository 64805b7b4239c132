"""Brings a store up to date: one file per revision in `versions`, run by alembic from inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

MIGRATIONS: Final = Path(__file__).parent


def migrate(connection: Connection) -> None:
    """Run the migrations that the store has not had yet, in the transaction of `connection`."""
    # Deferred: alembic takes a quarter of a second to import, and a store that is up to date never needs it.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(MIGRATIONS))
    context = MigrationContext.configure(connection)
    steps = list(scripts.iterate_revisions("head", context.get_current_revision() or "base"))
    for step in reversed(steps):
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(scripts, step.revision)
