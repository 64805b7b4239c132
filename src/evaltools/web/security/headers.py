"""Headers of every answer of the server: what a browser may load and keep, and whom it tells."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_CACHES: Final = b"cache-control"
_TWO_YEARS: Final = "max-age=63072000; includeSubDomains"


class SecurityHeaders:
    """Adds the headers; what says nothing of caches is not kept by any. Behind TLS, browsers never go without it."""

    def __init__(self, app: ASGIApp, *, behind_tls: bool) -> None:
        self.app = app
        headers = {**_ALWAYS, "Strict-Transport-Security": _TWO_YEARS} if behind_tls else _ALWAYS
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and dress the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                has_its_own = any(name == _CACHES for name, _ in given)
                message["headers"] = [*given, *self.headers, *([] if has_its_own else [(_CACHES, b"no-store")])]
            await send(message)

        await self.app(scope, receive, dressed)
