"""Files that take long to make are made by another process, one at a time, while the server goes on answering."""

from evaltools.web.making.workshop import Job, State, Workshop

__all__ = ["Job", "State", "Workshop"]
