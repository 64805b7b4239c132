"""`evaltools serve --store FILE`: run the form, the status board and the machine interface."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import time
from pathlib import Path

import uvicorn

from evaltools.errors import Fault, SettingsError
from evaltools.store import grouped, open_store
from evaltools.web.app import build_app
from evaltools.web.security.bodies import LONGEST_HEADERS
from evaltools.web.site import Options


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("--store", type=Path, required=True, help="the store with the waves that are open")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen at")
    parser.add_argument("--behind-tls", action="store_true", help="a proxy on this machine speaks TLS for the server")
    limits = Options()
    parser.add_argument(
        "--per-address", type=int, default=limits.per_address, help="requests a minute from one address"
    )
    parser.add_argument(
        "--per-token", type=int, default=limits.per_token, help="requests a minute with one link, session or token"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until it is stopped."""
    refuse_open_place(options.host, options.behind_tls)
    logging.basicConfig(level=logging.INFO, handlers=[log_handler()])
    limits = Options(behind_tls=options.behind_tls, per_address=options.per_address, per_token=options.per_token)
    with open_store(options.store) as alone, grouped(alone) as store:
        uvicorn.run(
            build_app(store, limits),
            host=options.host,
            port=options.port,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=options.behind_tls,
            forwarded_allow_ips=["127.0.0.1", "::1"],
            h11_max_incomplete_event_size=LONGEST_HEADERS,
            timeout_graceful_shutdown=20,
        )
    return 0


def log_handler() -> logging.Handler:
    """Where the log goes: to standard error, each line with its time in UTC."""
    lines = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    lines.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(lines)
    return handler


def refuse_open_place(host: str, behind_tls: bool) -> None:
    """`SettingsError` NOT_PRIVATE where answers would travel in clear: only this machine may be served without TLS."""
    if behind_tls or _is_loopback(host):
        return
    problem = f"at {host} answers and links would travel unprotected"
    remedy = "Serve at 127.0.0.1 behind a proxy that speaks TLS, and say `--behind-tls` (docs/operators.md shows how)."
    raise SettingsError(Fault("NOT_PRIVATE", "--host", problem, remedy))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
