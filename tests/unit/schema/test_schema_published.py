"""The published JSON Schema is fresh and fits the shipped files."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from evaltools.schema import json_schema, json_schema_text

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "surveys").rglob("*.yaml"))


def test_the_published_schema_is_the_one_the_program_has() -> None:
    published = (ROOT / "docs/questionnaire.schema.json").read_text("utf-8")
    remedy = "python -c 'from evaltools.schema import json_schema_text as t; print(t(), end=str())'"
    assert published == json_schema_text(), f"run: {remedy} > docs/questionnaire.schema.json"


def test_it_is_a_valid_schema_that_tells_the_types_of_items_apart() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    validator = jsonschema.Draft202012Validator(json_schema())
    text = {"da": "A", "en": "A"}
    item = {"name": "a", "type": "integer", "text": text}
    module = {
        "module": "m",
        "version": 1,
        "title": text,
        "sections": [{"section": "s", "title": text, "items": [item]}],
    }
    assert validator.is_valid(module)
    item["codes"] = "yes_no"
    assert not validator.is_valid(module)


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.name not in ("opened.yaml", "fieldwork.yaml")], ids=lambda file: file.stem
)
def test_an_editor_accepts_every_shipped_file(file: Path) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    errors = [
        error.message
        for error in validator.iter_errors(json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")))))
    ]
    assert errors == []
