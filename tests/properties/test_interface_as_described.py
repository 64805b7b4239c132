"""The machine interface does what its description says, whatever is asked and with whichever token."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from evaltools.store import NewGrant, make_grant
from evaltools.store.model import Scope
from evaltools.web.api.application import PLACE
from evaltools.web.site import Options
from form_server import Served, serving_tiny

SCOPES: tuple[tuple[Scope, ...], ...] = (
    ("read",), ("draft",), ("submit",), ("status",), ("read", "draft", "submit", "status"), (),
)  # fmt: skip
UNIT = "0101"
BY_THE_QUESTIONNAIRE = "422"
"""A request that is as described may still be refused for what the questionnaire says; the description knows no
questionnaire. That such a refusal is none of the description is checked beside."""
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving_tiny(tmp_path, options=Options(per_address=10**9, per_token=10**9)) as running:
        yield running


def ask_everything(served: Served, tokens: Sequence[tuple[Scope, ...]], *, examples: int) -> Counter[str]:
    """Every operation with each token, as described and not, for the unit that is there and for any; all checks."""
    schema = schemathesis.openapi.from_asgi(f"{PLACE}/openapi.json", served.app, config=_config())
    tally: Counter[str] = Counter()
    for scopes in tokens:
        headers = _token(served, scopes)
        for found in schema.get_all_operations():
            operation = found.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                tally[f"operations: {operation.label}"] += 0
                _ask(operation, mode, headers, tally, examples)
    return tally


def _config() -> SchemathesisConfig:
    config = SchemathesisConfig()
    config.projects.default.checks.positive_data_acceptance.expected_statuses.append(BY_THE_QUESTIONNAIRE)
    return config


def _token(served: Served, scopes: tuple[Scope, ...]) -> dict[str, str]:
    """Headers with a token of the whole wave that has these rights; none: no token at all."""
    if not scopes:
        return {}
    asked = NewGrant(*served.wave, "", "system", f"Program til {scopes[0]}", scopes=scopes)
    return {"Authorization": f"Bearer {make_grant(served.store, asked, at=served.clock())[1]}"}


def _ask(operation: Any, mode: GenerationMode, headers: dict[str, str], tally: Counter[str], examples: int) -> None:
    @seed(1)
    @settings(
        max_examples=examples, deadline=None, suppress_health_check=QUIET, phases=[Phase.explicit, Phase.generate]
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and "unit" in (case.path_parameters or {}) and tally.total() % 2:
            case.path_parameters["unit"] = UNIT
        response = case.call_and_validate(headers=headers)
        tally[f"{response.status_code}"] += 1
        if mode is GenerationMode.POSITIVE and response.status_code == int(BY_THE_QUESTIONNAIRE):
            assert json.loads(response.content)["code"] != "NOT_AS_DESCRIBED"

    ask()


def test_the_interface_does_what_it_describes(served: Served) -> None:
    tally = ask_everything(served, SCOPES[-2:], examples=2)
    assert not [status for status in tally if status.startswith("5")]
    assert tally["200"] > 0


@pytest.mark.proof
def test_the_interface_does_what_it_describes_in_thousands_of_requests(served: Served) -> None:
    tally = ask_everything(served, SCOPES, examples=100)
    operations = sum(name.startswith("operations") for name in tally)
    statuses = {name: count for name, count in sorted(tally.items()) if name.isdigit()}
    told = f"{tally.total():,} requests to {operations} operations with {len(SCOPES)} tokens, all checks"
    print(f"{told}: no failure; {statuses}")  # noqa: T201
