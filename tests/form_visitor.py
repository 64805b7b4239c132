"""A person with a browser that runs no script: opens pages, fills in forms, presses buttons. For tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html

Filled = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Control:
    """One control that would be posted: disabled ones, and those in a disabled group, are not here."""

    name: str
    kind: str
    value: str
    checked: bool


@dataclass(frozen=True)
class Form:
    """One form of a page: where it posts to, its controls, and its buttons as (name, value, words)."""

    action: str
    method: str
    controls: tuple[Control, ...]
    buttons: tuple[tuple[str, str, str], ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(control.name for control in self.controls)

    def posted(self, filled: Filled) -> list[tuple[str, str]]:
        """What a browser would send when the controls named in `filled` hold those values."""
        pairs: list[tuple[str, str]] = []
        for control in self.controls:
            if control.name in filled:
                continue
            if control.kind not in ("radio", "checkbox") or control.checked:
                pairs.append((control.name, control.value))
        unknown = set(filled) - self.names
        assert not unknown, f"the form has no control called {sorted(unknown)}; it has {sorted(self.names)}"
        for name, values in filled.items():
            pairs += [(name, value) for value in ([values] if isinstance(values, str) else values)]
        return pairs


@dataclass(frozen=True)
class Seen:
    """A page as it came back."""

    url: str
    status: int
    text: str
    tree: html.HtmlElement

    @property
    def title(self) -> str:
        return (self.tree.findtext(".//title") or "").strip()

    @property
    def words(self) -> str:
        return " ".join(self.tree.text_content().split())

    @property
    def links(self) -> dict[str, str]:
        """Address by the words of the link."""
        found = self.tree.iterfind(".//a[@href]")
        return {" ".join(link.text_content().split()): urljoin(self.url, link.get("href")) for link in found}

    @property
    def forms(self) -> tuple[Form, ...]:
        return tuple(_form(self.url, form) for form in self.tree.iterfind(".//form"))

    def form_with(self, name: str) -> Form:
        """The form that has a control or a button of that name."""
        for form in self.forms:
            if name in form.names or any(button[0] == name for button in form.buttons):
                return form
        raise AssertionError(f"no form of {self.url} has {name}: {[sorted(form.names) for form in self.forms]}")


@dataclass(frozen=True)
class Visitor:
    """Asks through an httpx client, which keeps the cookies and follows no redirect by itself."""

    client: httpx.Client

    def open(self, url: str) -> Seen:
        return self._seen(self.client.get(url, follow_redirects=True))

    def press(self, page: Seen, form: Form, filled: Filled, button: tuple[str, str] | None = None) -> Seen:
        """Send a form of a page; `button` is the name and value of the button pressed."""
        pairs = form.posted(filled) + ([button] if button else [])
        if form.method == "get":
            return self._seen(self.client.get(form.action, params=dict(pairs), follow_redirects=True))
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        parts = urlsplit(page.url)
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        return self._seen(self.client.post(form.action, data=data, headers=headers, follow_redirects=True))

    def _seen(self, response: httpx.Response) -> Seen:
        text = response.text or "<html></html>"
        return Seen(str(response.url), response.status_code, text, html.document_fromstring(text))


def _form(url: str, form: html.HtmlElement) -> Form:
    action = urljoin(url, form.get("action") or "")
    return Form(action, (form.get("method") or "get").lower(), tuple(_controls(form)), tuple(_buttons(form)))


def _controls(form: html.HtmlElement) -> Iterator[Control]:
    for node in form.iterfind(".//*[@name]"):
        if node.tag not in ("input", "select", "textarea") or _is_disabled(node):
            continue
        kind = node.get("type", "text") if node.tag == "input" else node.tag
        if kind in ("submit", "button", "image", "reset", "file"):
            continue
        yield Control(node.get("name"), kind, _value(node), node.get("checked") is not None)


def _value(node: html.HtmlElement) -> str:
    if node.tag == "textarea":
        return (node.text or "").removeprefix("\n")
    if node.tag == "select":
        chosen = node.find(".//option[@selected]")
        first = chosen if chosen is not None else node.find(".//option")
        return "" if first is None else first.get("value", first.text or "")
    return node.get("value", "on" if node.get("type") in ("checkbox", "radio") else "") or ""


def _buttons(form: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    for node in form.iterfind(".//button"):
        if node.get("type", "submit") == "submit" and not _is_disabled(node):
            yield node.get("name", ""), node.get("value", ""), " ".join(node.text_content().split())


def _is_disabled(node: html.HtmlElement) -> bool:
    own = node.get("disabled") is not None
    return own or any(group.get("disabled") is not None for group in node.iterancestors("fieldset"))
