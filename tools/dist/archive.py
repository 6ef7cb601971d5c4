"""A folder as a `.tar.gz` that is the same whenever the folder is: sorted, of one time, of no user."""

import gzip
import io
import tarfile
from pathlib import Path


def pack(folder: Path, target: Path, *, epoch: int) -> None:
    """Everything in `folder`, under its own name; what is a link stays one."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted((folder, *folder.rglob("*")), key=str):
            tar.addfile(_entry(tar, path, folder, epoch), _content(path))
    with target.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=epoch) as out:
        out.write(packed.getvalue())


def _entry(tar: tarfile.TarFile, path: Path, folder: Path, epoch: int) -> tarfile.TarInfo:
    entry = tar.gettarinfo(path, str(path.relative_to(folder.parent)))
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = epoch, 0, 0, "root", "root"
    entry.mode = 0o777 if entry.issym() else 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    if entry.islnk():
        # The second name of one file is packed as a file of its own.
        entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", path.stat().st_size
    return entry


def _content(path: Path) -> io.BytesIO | None:
    return io.BytesIO(path.read_bytes()) if path.is_file() and not path.is_symlink() else None
