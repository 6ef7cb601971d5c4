"""Output streams that never break a run: what nobody can read any more is dropped."""

import io
import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Tolerant(io.FileIO):
    """A file descriptor whose failing writes (closed pipe, full disk) are taken for written."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def unbreakable(stream: TextIO | None) -> TextIO:
    """The same output without its exceptions; a missing stream (closed by the caller) takes everything."""
    if stream is None:
        return _text(_Tolerant(os.devnull, "w"), "utf-8")
    try:
        return _text(_Tolerant(stream.fileno(), "w", closefd=False), stream.encoding)
    except (OSError, ValueError):
        return stream


def _text(raw: io.FileIO, encoding: str) -> TextIO:
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", line_buffering=True)
