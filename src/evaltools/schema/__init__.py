"""What we ask: surveys, waves, modules, items, code lists, rules and the data dictionary."""

from evaltools.schema.asking import Asking, PathCount, answered_of, ask, begun_by, count_path
from evaltools.schema.beginning import new_survey
from evaltools.schema.comparing import ItemChange, compare_waves
from evaltools.schema.dictionary import Dictionary, Indicator, read_dictionary, read_units_table
from evaltools.schema.fields import fields, variables
from evaltools.schema.freezing import opened_on
from evaltools.schema.missing import Missing, missing_kind
from evaltools.schema.model import Category, CodeList, Concept, Field, Item, Questionnaire, Row, Rule, Section, Variable
from evaltools.schema.numbering import Numbering, numbering, row_letter
from evaltools.schema.published import json_schema, json_schema_text
from evaltools.schema.rule_sentences import rule_sentence
from evaltools.schema.rules import (
    Outcomes,
    can_be,
    compile_condition,
    compile_rule,
    evaluate,
    names_in,
    tree_from_json,
    tree_to_json,
)
from evaltools.schema.scope import Scope, ScopeField
from evaltools.schema.storing import survey_from_source
from evaltools.schema.surveys import SurveyReport, check_survey, check_surveys, freeze_survey, read_survey
from evaltools.schema.thresholds import thresholds
from evaltools.schema.tying import tied_fields

__all__ = [
    "Asking",
    "Category",
    "CodeList",
    "Concept",
    "Dictionary",
    "Field",
    "Indicator",
    "Item",
    "ItemChange",
    "Missing",
    "Numbering",
    "Outcomes",
    "PathCount",
    "Questionnaire",
    "Row",
    "Rule",
    "Scope",
    "ScopeField",
    "Section",
    "SurveyReport",
    "Variable",
    "answered_of",
    "ask",
    "begun_by",
    "can_be",
    "check_survey",
    "check_surveys",
    "compare_waves",
    "compile_condition",
    "compile_rule",
    "count_path",
    "evaluate",
    "fields",
    "freeze_survey",
    "json_schema",
    "json_schema_text",
    "missing_kind",
    "names_in",
    "new_survey",
    "numbering",
    "opened_on",
    "read_dictionary",
    "read_survey",
    "read_units_table",
    "row_letter",
    "rule_sentence",
    "survey_from_source",
    "thresholds",
    "tied_fields",
    "tree_from_json",
    "tree_to_json",
    "variables",
]
