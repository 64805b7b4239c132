"""An httpx client that asks an application in the same process: each request runs to its end before it comes back."""

from __future__ import annotations

import asyncio

import httpx
from starlette.types import ASGIApp

BASE = "http://127.0.0.1:8000"


class AppTransport(httpx.BaseTransport):
    """Hands requests to an ASGI application. An exception that the application lets through is raised here."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1") -> None:
        self.inner = httpx.ASGITransport(app, client=(address, 50000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return asyncio.run(self._asked(request))

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        content = b"".join([part async for part in response.aiter_raw()])
        return httpx.Response(response.status_code, headers=response.headers, content=content)


def app_client(app: ASGIApp, address: str = "127.0.0.1") -> httpx.Client:
    """A client with cookies of its own, as one browser; it follows no redirect by itself."""
    return httpx.Client(transport=AppTransport(app, address), base_url=BASE)
