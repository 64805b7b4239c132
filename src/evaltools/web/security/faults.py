"""What happens when the program itself fails: the asker gets a number, and the log tells where it happened."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evaltools.web.security.access_log import route_of

LOG: Final = logging.getLogger("evaltools.web")

RefuseFault = Callable[[Scope, str], Response]
"""Makes the answer for the scope of a request that failed, with the number under which the log tells of it."""


class Faults:
    """Catches what nobody else did. The log names the error and its lines, but no values: they may be answers."""

    def __init__(self, app: ASGIApp, *, refuse: RefuseFault) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; when it fails before its answer has begun, say so."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            number = secrets.token_hex(4)
            lines = "".join(traceback.format_tb(error.__traceback__))
            LOG.error("fault %s at %s: %s\n%s", number, route_of(scope), type(error).__name__, lines)
            if not begun:
                await self.refuse(scope, number)(scope, receive, send)


def pass_on(_: Request, error: Exception) -> Response:
    """What an application does with an exception that nobody expected: nothing, so that it comes to `Faults`."""
    raise error
