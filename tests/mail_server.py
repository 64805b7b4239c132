"""A mail server on loopback that keeps what it gets, and refuses or hangs up where a test asks it to."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import cast


class MailServerOfTests(socketserver.ThreadingTCPServer):
    """`answers`: what is said to a recipient instead of 250. `hang_up`: recipient -> at which command the line is cut:
    `RCPT`, `DATA` (before the letter), `LETTER` (after it was taken, before that is said)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.received: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.hang_up: dict[str, str] = {}
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
            if server.hang_up.get(recipient) == command:
                return
            if command == "DATA":
                self._say("354 go on")
                letter = self._letter()
                server.received.append(letter)
                if server.hang_up.get(recipient) == "LETTER":
                    return
                self._say("250 taken")
            elif command == "RCPT":
                self._say(server.answers.get(recipient, "250 good"))
            else:
                self._say("221 bye" if command == "QUIT" else "250 good")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=default)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServerOfTests]:
    """A server that runs while the `with` statement does."""
    with MailServerOfTests() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
