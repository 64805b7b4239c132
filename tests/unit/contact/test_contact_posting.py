"""A letter on its way through a mail server: what becomes of it when the server refuses or hangs up."""

from __future__ import annotations

import base64
import datetime as dt
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from pathlib import Path

import pytest

from evaltools.contact import Letter, MailServer, Recipient, check_server
from evaltools.contact.posting import dialled, hang_up, is_open, message_of, post
from evaltools.errors import ContactError
from evaltools.store import Contact, Unit
from mail_server import MailServerOfTests, mail_server

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
US = Address("Styrelsen, kontor 3", "post", "styrelsen.dk")


def server_at(tests: MailServerOfTests) -> MailServer:
    host, _, port = tests.place.partition(":")
    return MailServer(host, int(port), US, security="none")


def letter(address: str, name: str = "Åse Ørsted", body: str = "Kære Åse\n\n.\nNul er et gyldigt svar.\n") -> Letter:
    whom = Recipient(Unit("0825", "Læsø", {}), Contact(name, address))
    return Letter(whom, "Påmindelse: Lille skema", body, Contact("Kontoret", "hjaelp@styrelsen.dk"))


def posted(tests: MailServerOfTests, address: str) -> str:
    line = dialled(server_at(tests))
    try:
        return post(line, message_of(letter(address), server_at(tests), reference="r", at=NOW)).outcome
    finally:
        hang_up(line)


def test_a_letter_arrives_as_it_was_written() -> None:
    with mail_server() as tests:
        assert posted(tests, "aase@l.dk") == "sent"
    (found,) = tests.received
    assert found["Subject"] == "Påmindelse: Lille skema"
    assert found["From"].addresses[0].display_name == "Styrelsen, kontor 3"
    assert (found["To"].addresses[0].display_name, found["Reply-To"]) == (
        "Åse Ørsted",
        "Kontoret <hjaelp@styrelsen.dk>",
    )
    assert found.get_content().replace("\r\n", "\n") == "Kære Åse\n\n.\nNul er et gyldigt svar.\n"
    assert found.get_content_type() == "text/plain"


def test_the_same_letter_has_the_same_id_and_another_has_another() -> None:
    server = MailServer("127.0.0.1", 25, US)
    ids = {message_of(letter("a@b.dk"), server, reference=text, at=NOW)["Message-ID"] for text in ("a", "a", "b")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("550 no such user", "refused"), ("450 try later", "not_sent"), ("251 will forward", "sent")],
)
def test_what_the_server_says_of_a_recipient_is_what_becomes_of_the_letter(answer: str, outcome: str) -> None:
    with mail_server() as tests:
        tests.answers["a@b.dk"] = answer
        assert posted(tests, "a@b.dk") == outcome
    assert len(tests.received) == (outcome == "sent")


@pytest.mark.parametrize(("when", "outcome"), [("RCPT", "not_sent"), ("DATA", "unknown"), ("LETTER", "unknown")])
def test_a_line_that_breaks_is_told_apart_by_whether_the_letter_was_on_it(when: str, outcome: str) -> None:
    with mail_server() as tests:
        tests.hang_up["a@b.dk"] = when
        assert posted(tests, "a@b.dk") == outcome


def test_after_a_refusal_the_same_line_takes_the_next_letter() -> None:
    with mail_server() as tests:
        tests.answers["a@b.dk"] = "550 no"
        line = dialled(server_at(tests))
        for address in ("a@b.dk", "c@d.dk"):
            post(line, message_of(letter(address), server_at(tests), reference="r", at=NOW))
        assert is_open(line)
        hang_up(line)
        assert not is_open(line)
    assert (tests.recipients(), tests.lines) == (["c@d.dk"], 1)


def test_a_server_that_is_not_there_or_offers_no_protection_is_told_before_anything_is_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = MailServer("127.0.0.1", free.getsockname()[1], US, security="none")
        with pytest.raises(ContactError, match="cannot be used") as caught:
            dialled(nobody)
        assert caught.value.code == "MAIL_SERVER"
    with mail_server() as tests:
        open_line = MailServer("127.0.0.1", tests.server_address[1], US)
        with pytest.raises(ContactError, match="STARTTLS"):
            dialled(open_line)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody has vouched for, with its key in the same file."""
    file = tmp_path / "mail.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=mail -addext subjectAltName=IP:127.0.0.1"
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not on this machine")
    subprocess.run(
        [openssl, *words.split(), "-keyout", file, "-out", tmp_path / "own.pem"], check=True, capture_output=True
    )
    file.write_text(file.read_text() + (tmp_path / "own.pem").read_text())
    return file


@contextmanager
def safe_server(certificate: Path) -> Iterator[tuple[MailServerOfTests, MailServer]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with mail_server(context) as tests:
        yield tests, MailServer("127.0.0.1", tests.server_address[1], US, user="os", password="hemmelig")


def test_a_password_and_a_letter_travel_only_after_the_line_is_safe(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with safe_server(certificate) as (tests, server):
        line = dialled(server)
        assert post(line, message_of(letter("a@b.dk"), server, reference="r", at=NOW)).outcome == "sent"
        hang_up(line)
    assert tests.logins == [(base64.b64encode(b"\0os\0hemmelig").decode(), True)]
    assert tests.recipients() == ["a@b.dk"]


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(certificate: Path) -> None:
    with safe_server(certificate) as (tests, server):
        with pytest.raises(ContactError, match="certificate") as caught:
            dialled(server)
        assert caught.value.code == "MAIL_SERVER"
    assert (tests.logins, tests.received) == ([], [])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_only_this_machine_is_spoken_to_without_tls(host: str) -> None:
    check_server(MailServer(host, 25, US, security="none"))
    with pytest.raises(ContactError) as caught:
        check_server(MailServer("smtp.example.dk", 25, US, security="none"))
    assert caught.value.code == "MAIL_UNPROTECTED"


def test_a_user_without_a_password_is_told_where_it_is_written() -> None:
    with pytest.raises(ContactError, match="EVALTOOLS_SMTP_PASSWORD") as caught:
        check_server(MailServer("smtp.example.dk", 587, US, user="us"))
    assert caught.value.code == "MAIL_NO_PASSWORD"


def test_a_name_cannot_smuggle_a_header_in() -> None:
    found = message_of(letter("a@b.dk", name="Ida\nBcc: x@y.dk"), MailServer("h", 1, US), reference="r", at=NOW)
    assert found["Bcc"] is None
    assert "\nBcc" not in found.as_string()
