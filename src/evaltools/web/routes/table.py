"""Every address of the server and what answers there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evaltools.web.doors import Endpoint, Handler, anybody, needs_operator, needs_session
from evaltools.web.routes import (
    answering,
    colleagues,
    links,
    operators,
    passwords,
    public,
    receipts,
    records,
    workbooks,
)


class Door(Protocol):
    """What a handler stands behind."""

    def __call__(self, handler: Handler, *, is_quick: bool = False) -> Endpoint:
        """What answers."""
        ...


GETS: Final[tuple[tuple[str, Door, Handler], ...]] = (
    ("/", anybody, public.front),
    ("/skema", anybody, public.questionnaire),
    ("/skema.{form}", anybody, public.questionnaire_file),
    ("/skema/{survey}/{wave}", anybody, public.questionnaire),
    ("/skema/{survey}/{wave}/{form}", anybody, public.questionnaire_file),
    ("/privatliv", anybody, public.privacy),
    ("/was", anybody, public.accessibility),
    ("/sundhed", anybody, public.health),
    ("/s/{token}", anybody, links.show_link),
    ("/besvar", needs_session, answering.show_hub),
    ("/besvar/kolleger", needs_session, colleagues.show),
    ("/besvar/deltager-ikke", needs_session, answering.show_declining),
    ("/besvar/regneark", needs_session, workbooks.show_upload),
    ("/besvar/regneark/hent", needs_session, workbooks.fetch),
    ("/besvar/tjek", needs_session, answering.show_check),
    ("/besvar/opfoelgning", needs_session, records.show_follow_up),
    ("/besvar/post/{record}", needs_session, answering.show_hub),
    ("/besvar/post/{record}/tjek", needs_session, answering.show_check),
    ("/besvar/post/{record}/{section}", needs_session, answering.show_section),
    ("/besvar/{section}", needs_session, answering.show_section),
    ("/kvittering", needs_session, receipts.show_receipt),
    ("/kvittering.{form}", needs_session, receipts.receipt_file),
    ("/kvittering/{record}", needs_session, receipts.show_receipt),
    ("/kvittering/{record}/{form}", needs_session, receipts.receipt_file),
    ("/sammenligning", needs_session, receipts.show_comparison),
    ("/status", needs_operator, operators.show_board),
    ("/status/adgangskode", needs_operator, passwords.show),
    ("/status/log-ind", anybody, operators.show_login),
    ("/status/{survey}/{wave}", needs_operator, operators.show_board),
)
"""What is looked at. Looking changes nothing."""

QUICK: Final = frozenset(
    {
        answering.show_check, answering.show_declining, answering.show_hub, answering.show_section, links.show_link,
        public.health, public.privacy, receipts.show_receipt,
    }
)  # fmt: skip
"""What is looked at most, and made within some milliseconds."""

POSTS: Final[tuple[tuple[str, Door, Handler], ...]] = (
    ("/s/{token}", anybody, links.enter),
    ("/besvar", needs_session, records.add_record),
    ("/besvar/afslut", needs_session, links.leave),
    ("/besvar/kolleger", needs_session, colleagues.hand_over),
    ("/besvar/kolleger/nyt-link", needs_session, colleagues.renew),
    ("/besvar/kolleger/tag-tilbage", needs_session, colleagues.take_back),
    ("/besvar/kolleger/log-af", needs_session, colleagues.end_visits),
    ("/besvar/deltager-ikke", needs_session, answering.decline_answering),
    ("/besvar/regneark", needs_session, workbooks.preview),
    ("/besvar/regneark/gem", needs_session, workbooks.save),
    ("/besvar/tjek", needs_session, answering.submit_response),
    ("/besvar/post/{record}/tjek", needs_session, answering.submit_response),
    ("/besvar/post/{record}/{section}", needs_session, answering.save_section),
    ("/besvar/{section}", needs_session, answering.save_section),
    ("/kvittering/genaabn", needs_session, receipts.open_again),
    ("/kvittering/{record}/genaabn", needs_session, receipts.open_again),
    ("/status/adgangskode", needs_operator, passwords.change),
    ("/status/log-ind", anybody, operators.log_in),
    ("/status/log-ud", needs_operator, operators.log_out),
)
"""What changes something."""


def routes() -> list[Route]:
    """One route per address, with all of its methods; an address without gaps comes before one that has some."""
    found: dict[str, dict[str, Endpoint]] = {}
    for method, listed in (("GET", GETS), ("POST", POSTS)):
        for path, door, handler in listed:
            found.setdefault(path, {})[method] = door(handler, is_quick=handler in QUICK)
    plainest_first = sorted(found.items(), key=lambda one: one[0].count("{"))
    return [Route(path, _by_method(doors), methods=list(doors)) for path, doors in plainest_first]


def _by_method(doors: Mapping[str, Endpoint]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await doors["GET" if request.method == "HEAD" else request.method](request)

    return endpoint
