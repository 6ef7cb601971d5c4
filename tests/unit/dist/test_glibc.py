"""A library of forty lines, by the book: which glibc it needs, and one that needs an older."""

import struct

import pytest

from tools.dist import glibc

STRINGS = b"\0libm.so.6\0GLIBC_2.2.5\0GLIBC_2.35\0libc.so.6\0GLIBC_2.34\0"


def _at(name: str) -> int:
    return STRINGS.index(b"\0" + name.encode() + b"\0") + 1


def _version(name: str, *, index: int, last: bool) -> bytes:
    return struct.pack("<IHHII", glibc.elf_hash(name), 0, index, _at(name), 0 if last else 16)


def _library(name: str, *versions: str, last: bool) -> bytes:
    needed = [_version(each, index=2 + n, last=n == len(versions) - 1) for n, each in enumerate(versions)]
    step = 0 if last else 16 + 16 * len(versions)
    return struct.pack("<HHIII", 1, len(versions), _at(name), 16, step) + b"".join(needed)


def _section(kind: int, at: int, size: int, link: int) -> bytes:
    return struct.pack("<IIQQQQIIQQ", 0, kind, 0, 0, at, size, link, 0, 0, 0)


def _elf() -> bytes:
    versions = _library("libm.so.6", "GLIBC_2.35", "GLIBC_2.2.5", last=False) + _library(
        "libc.so.6", "GLIBC_2.34", last=True
    )
    strings_at = 64 + len(versions)
    sections_at = strings_at + len(STRINGS)
    header = b"\x7fELF\x02\x01".ljust(0x28, b"\0") + struct.pack("<Q", sections_at)
    header = header.ljust(0x3A, b"\0") + struct.pack("<HHH", 64, 3, 0)
    sections = (
        _section(0, 0, 0, 0) + _section(0x6FFFFFFE, 64, len(versions), 2) + _section(3, strings_at, len(STRINGS), 0)
    )
    return header + versions + STRINGS + sections


def _needs(content: bytes) -> list[tuple[str, str]]:
    return [(each.library, each.version) for each in glibc.needs(content)]


def test_a_library_says_which_versions_it_needs_of_which_library() -> None:
    assert _needs(_elf()) == [("libm.so.6", "GLIBC_2.35"), ("libm.so.6", "GLIBC_2.2.5"), ("libc.so.6", "GLIBC_2.34")]
    assert glibc.newest(_elf()) == (2, 35)


def test_the_youngest_of_the_mathematics_becomes_the_first() -> None:
    changed = glibc.lowered(_elf())
    assert _needs(changed) == [("libm.so.6", "GLIBC_2.2.5"), ("libm.so.6", "GLIBC_2.2.5"), ("libc.so.6", "GLIBC_2.34")]
    assert glibc.newest(changed) == (2, 34)
    assert len(changed) == len(_elf())


def test_what_is_no_library_needs_nothing_and_stays() -> None:
    assert glibc.needs(b"#!/bin/sh\n") == ()
    assert glibc.newest(b"") == (0,)
    assert glibc.lowered(b"#!/bin/sh\n") == b"#!/bin/sh\n"


@pytest.mark.parametrize(("name", "value"), [("GLIBC_2.2.5", 0x09691A75), ("GLIBC_2.34", 0x069691B4)])
def test_the_loader_finds_a_version_by_its_hash(name: str, value: int) -> None:
    """As `readelf -V` shows them in any program."""
    assert glibc.elf_hash(name) == value
