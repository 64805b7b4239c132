"""Whether a path lies where a store may lie: on a disk of this machine, not on a network drive."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, StoreError

NETWORK_KINDS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afs", "ncpfs", "ncp", "ceph", "glusterfs", "fuse.glusterfs",
     "lustre", "beegfs", "fuse.sshfs", "davfs", "fuse.davfs2", "fuse.rclone", "webdav", "afpfs"}
)  # fmt: skip
_DRIVE_REMOTE: Final = 4


def refuse_network_place(path: Path, mounts: Iterable[str] | None = None) -> None:
    """Do nothing if a store may lie at `path`; `StoreError` NETWORK_PATH if it is on a network drive.

    mounts : lines as in `/proc/mounts`; read from there by default. Where the system has no such file (macOS),
        only a path that names its server (`//server/share`) is known to be a network path.
    """
    kind = network_kind(path, _system_mounts() if mounts is None else mounts)
    if kind:
        raise StoreError(
            Fault(
                "NETWORK_PATH",
                str(path),
                f"this place is on the network ({kind}), where a database loses answers when two programs write",
                "Keep the store on a disk of this machine, and copy a snapshot or backup to the network.",
            )
        )


def network_kind(path: Path, mounts: Iterable[str]) -> str:
    """The kind of network drive that holds `path`, such as `nfs4`; empty on a disk of this machine.

    >>> network_kind(Path("/data/a.db"), ["/dev/sda1 / ext4 rw 0 0", "files:/x /data nfs4 rw 0 0"])
    'nfs4'
    >>> network_kind(Path("/srv/a.db"), ["/dev/sda1 / ext4 rw 0 0", "files:/x /data nfs4 rw 0 0"])
    ''
    """
    if str(path).startswith(("\\\\", "//")):
        return "UNC"
    if sys.platform == "win32":
        return _drive_kind(path)
    kind = _mounted_kind(path.absolute().resolve(), mounts)
    return kind if kind in NETWORK_KINDS else ""


def _mounted_kind(path: Path, mounts: Iterable[str]) -> str:
    best, best_depth = "", -1
    for line in mounts:
        words = line.split(" ")
        if len(words) < 3:
            continue
        point = Path(words[1].replace("\\040", " "))
        if len(point.parts) >= best_depth and path.is_relative_to(point):
            best, best_depth = words[2], len(point.parts)
    return best


def _system_mounts() -> list[str]:
    try:
        return Path("/proc/self/mounts").read_text("utf-8").splitlines()
    except OSError:
        return []


def _drive_kind(path: Path) -> str:
    windows = getattr(ctypes, "windll", None)
    root = f"{path.absolute().drive}\\"
    return "SMB" if windows is not None and windows.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE else ""
