"""Output streams that never break a run: what cannot be written is dropped, and why is kept for the end."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


_GONE = frozenset({errno.EPIPE, errno.ECONNRESET})
"""Who reads no further wants no more: nothing is lost."""


class _Tolerant(io.FileIO):
    """A file descriptor whose failing writes (closed pipe, full disk) are taken for written; `lost` says the first."""

    lost = ""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno not in _GONE:
                self.lost = self.lost or error.strerror or type(error).__name__
            return memoryview(data).nbytes


def unbreakable(stream: TextIO | None) -> TextIO:
    """The same output without its exceptions; a missing stream (closed by the caller) takes everything."""
    if stream is None:
        return _text(_Tolerant(os.devnull, "w"), "utf-8")
    try:
        return _text(_Tolerant(stream.fileno(), "w", closefd=False), stream.encoding)
    except (OSError, ValueError):
        return stream


def taken_loss(stream: TextIO) -> str:
    """Why something of it could not be written, once: empty from then on, and where all was written."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    if not isinstance(raw, _Tolerant):
        return ""
    why, raw.lost = raw.lost, ""
    return why


def _text(raw: io.FileIO, encoding: str) -> TextIO:
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", line_buffering=True)
