"""Sends letters through a mail server, and tells of each what became of it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, Literal

from evaltools.contact.addresses import is_mail_address
from evaltools.contact.letters import Letter
from evaltools.errors import ContactError, Fault
from evaltools.provenance import sha256_of
from evaltools.store import Contact

Security = Literal["starttls", "tls", "none"]

Outcome = Literal["sent", "refused", "not_sent", "unknown"]
"""`refused`: the server will never take it. `not_sent`: it could not just now. `unknown`: the line broke while the
letter was on it, so that it may have arrived."""

_PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server to send through. sender : the address letters come from. password : from the environment only."""

    host: str
    port: int
    sender: Address
    security: Security = "starttls"
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one letter, and what the server said."""

    outcome: Outcome
    said: str = ""


def check_server(server: MailServer) -> None:
    """Refuse to send letters over an open line; only this machine may be spoken to without TLS.

    Raises: `ContactError` MAIL_UNPROTECTED, MAIL_NO_PASSWORD.

    >>> check_server(MailServer("127.0.0.1", 1025, Address("us", "a", "example.dk"), security="none"))
    """
    where = f"{server.host}:{server.port}"
    if server.security == "none" and not _is_this_machine(server.host):
        remedy = "Leave out --security none; ask for a server with STARTTLS."
        raise ContactError(Fault("MAIL_UNPROTECTED", where, "letters would travel open over the net", remedy))
    if server.user and not server.password:
        remedy = "Set EVALTOOLS_SMTP_PASSWORD, or leave out --user."
        raise ContactError(Fault("MAIL_NO_PASSWORD", where, "there is a user and no password", remedy))


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def dialled(server: MailServer) -> smtplib.SMTP:
    """A line to the server, safe and logged in. Raises: `ContactError` MAIL_SERVER."""
    try:
        return _safe_line(server)
    except (smtplib.SMTPException, OSError) as error:
        problem = f"the mail server cannot be used ({_said(error)})"
        remedy = "See address, port, user and password; letters that were not begun are sent when you run it again."
        raise ContactError(Fault("MAIL_SERVER", f"{server.host}:{server.port}", problem, remedy)) from error


def _safe_line(server: MailServer) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if server.security == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_PATIENCE_SECONDS, context=safe)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE_SECONDS)
    try:
        if server.security == "starttls":
            line.starttls(context=safe)
        line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def is_open(line: smtplib.SMTP) -> bool:
    """Whether the server still answers on this line."""
    try:
        return line.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def hang_up(line: smtplib.SMTP) -> None:
    """End the line politely; a server that has gone first changes nothing of what became of the letters."""
    if is_open(line):
        line.quit()
    line.close()


def post(line: smtplib.SMTP, message: EmailMessage) -> Posted:
    """Send one letter to its one recipient.

    Where the line breaks before the letter is on it, it is `not_sent`; from then on it is `unknown`, since a server
    may have taken a letter whose receipt was lost.
    """
    try:
        refusal = _announced(line, message)
    except (smtplib.SMTPException, OSError) as error:
        return Posted("not_sent", _said(error))
    if refusal is not None:
        return refusal
    try:
        code, answer = line.data(message.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as error:
        return _unless_taken(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Posted("unknown", _said(error))
    return _unless_taken(code, answer)


def _announced(line: smtplib.SMTP, message: EmailMessage) -> Posted | None:
    """Tell the server from whom and to whom; what it refuses with, or None when the letter may follow."""
    (sender,), (recipient,) = message["From"].addresses, message["To"].addresses
    for tell, address in ((line.mail, sender.addr_spec), (line.rcpt, recipient.addr_spec)):
        code, answer = tell(address)
        if code not in (250, 251, 252):
            line.rset()
            return _unless_taken(code, answer)
    return None


def _unless_taken(code: int, answer: bytes | str) -> Posted:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if 200 <= code < 300:
        return Posted("sent", f"{code} {text}")
    return Posted("refused" if code >= 500 else "not_sent", f"{code} {text}")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return f"{error.smtp_code} {told.decode('utf-8', 'replace') if isinstance(told, bytes) else told}"
    return str(error) or type(error).__name__


def message_of(letter: Letter, server: MailServer, *, reference: str, at: dt.datetime) -> EmailMessage:
    """The letter as a mail in plain text.

    reference : names the letter (wave, unit, kind). Equal references give equal message ids, by which mail systems
    know a second copy of a letter.
    """
    to, reply = letter.recipient.contact, letter.reply_to
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = _address(to)
    if is_mail_address(reply.email):
        message["Reply-To"] = _address(reply)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256_of(reference)[:32]}@{server.sender.domain}>"
    message.set_content(letter.body, cte="quoted-printable")
    return message


def _address(contact: Contact) -> Address:
    return Address(" ".join(contact.name.split()), addr_spec=contact.email)
