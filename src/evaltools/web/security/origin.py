"""Whether a post comes from one of our own pages, as the browser tells it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Whether the headers of a post say that it comes from our own site, or do not say (a program, an old browser).

    Our pages ask for no Referer, and then a browser writes `Origin: null` also of a post to ourselves: there
    `Sec-Fetch-Site` tells. Where neither tells, the token of the form has to.

    >>> is_from_here({"host": "a.dk", "origin": "https://a.dk"})
    True
    >>> is_from_here({"host": "a.dk", "origin": "https://b.dk"})
    False
    >>> is_from_here({"host": "a.dk", "origin": "null", "sec-fetch-site": "cross-site"})
    False
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin is None or origin == "null":
        return True
    return _host(origin) == headers.get("host", "").casefold()


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.casefold()
    except ValueError:
        return ""
