"""The JSON Schema of questionnaires and modules, so that editors complete and check the YAML while it is written."""

from __future__ import annotations

import json
from typing import Final

from pydantic import TypeAdapter

from evaltools.schema.source import ModuleSource, QuestionnaireSource

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TITLE: Final = "Questionnaire or module"


def json_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of the two kinds of file; `docs/questionnaire.schema.json` holds it."""
    files: TypeAdapter[object] = TypeAdapter(QuestionnaireSource | ModuleSource)
    schema = files.json_schema(by_alias=True)
    return {"$schema": DIALECT, "title": TITLE, **schema}


def json_schema_text() -> str:
    """The JSON Schema as the published file has it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
