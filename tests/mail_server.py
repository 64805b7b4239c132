"""A mail server on loopback that keeps what it gets, and refuses or hangs up where a test asks it to."""

from __future__ import annotations

import email
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import cast


class MailServerOfTests(socketserver.ThreadingTCPServer):
    """`answers`: what is said to a recipient instead of 250. `hang_up`: recipient -> at which command the line is cut:
    `RCPT`, `DATA` (before the letter), `LETTER` (after it was taken, before that is said). `stall`: the same, but the
    server falls silent, and sets `stalled`, until the other side goes. `safe`: the server's side of TLS, offered as
    STARTTLS; `logins` are what was said to AUTH, and whether the line was safe then."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, safe: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.safe = safe
        self.logins: list[tuple[str, bool]] = []
        self.received: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.hang_up: dict[str, str] = {}
        self.stall: dict[str, str] = {}
        self.stalled = threading.Event()
        self.lines = 0

    @property
    def place(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self.server_address[1]}"

    def recipients(self) -> list[str]:
        """The address of each letter that arrived, in order."""
        return [letter["To"].addresses[0].addr_spec for letter in self.received]


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = cast(MailServerOfTests, self.server)
        server.lines += 1
        self._say("220 test")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split()[0].upper()
            if command == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
            if self._leaves(recipient, command):
                return
            if command == "DATA":
                self._say("354 go on")
                letter = self._letter()
                server.received.append(letter)
                if self._leaves(recipient, "LETTER"):
                    return
                self._say("250 taken")
            elif command == "RCPT":
                self._say(server.answers.get(recipient, "250 good"))
            elif command == "STARTTLS" and server.safe:
                self._say("220 go on")
                self._protect(server.safe)
            elif command == "EHLO" and server.safe:
                self._say("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS")
            elif command == "AUTH":
                server.logins.append((line.rpartition(" ")[2], isinstance(self.connection, ssl.SSLSocket)))
                self._say("235 good")
            else:
                self._say("221 bye" if command == "QUIT" else "250 good")

    def _leaves(self, recipient: str, moment: str) -> bool:
        server = cast(MailServerOfTests, self.server)
        if server.stall.get(recipient) == moment:
            server.stalled.set()
            self.rfile.read()
            return True
        return server.hang_up.get(recipient) == moment

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _protect(self, safe: ssl.SSLContext) -> None:
        try:
            self.connection = safe.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):  # the other side does not trust us, and leaves
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=default)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(safe: ssl.SSLContext | None = None) -> Iterator[MailServerOfTests]:
    """A server that runs while the `with` statement does."""
    with MailServerOfTests(safe) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
