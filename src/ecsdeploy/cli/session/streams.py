"""Output streams whose writes never raise: they drop what cannot be written, and keep the reason for the end."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


_GONE = frozenset({errno.EPIPE, errno.ECONNRESET})
"""The reader has gone away and wants no more: nothing is lost."""


class _Tolerant(io.FileIO):
    """A file whose failed writes (closed pipe, full disk) count as written. `lost` is the reason of the first."""

    lost = ""
    gone = False
    """Nobody reads it any more."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.gone = self.gone or error.errno in _GONE
            if error.errno not in _GONE:
                self.lost = self.lost or error.strerror or type(error).__name__
            return memoryview(data).nbytes


def unbreakable(stream: TextIO | None) -> TextIO:
    """The same stream, with writes that never raise. Without a stream (the caller closed it), all is dropped."""
    if stream is None:
        return _text(_Tolerant(os.devnull, "w"), "utf-8")
    try:
        return _text(_Tolerant(stream.fileno(), "w", closefd=False), stream.encoding)
    except (OSError, ValueError):
        return stream


def taken_loss(stream: TextIO) -> str:
    """Why a write to the stream failed, once: after that, and if none failed, it is empty."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    if not isinstance(raw, _Tolerant):
        return ""
    why, raw.lost = raw.lost, ""
    return why


def is_read(stream: TextIO) -> bool:
    """Whether somebody may still read it, as far as writing to it has shown."""
    return not getattr(getattr(getattr(stream, "buffer", None), "raw", None), "gone", False)


def _text(raw: io.FileIO, encoding: str) -> TextIO:
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", line_buffering=True)
