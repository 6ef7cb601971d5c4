"""Which glibc a library needs, and how to need an older one.

The linker asks for the newest version of each symbol that it finds where a library is built. Of what Python uses, one
symbol alone stands in the way of Amazon Linux 2023 (glibc 2.34): `hypot` of 2.35, which differs from the first one in
how it tells an overflow to programs that ask for SVID's way. The tables: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"
"""ELF, of 64 bits, the lowest byte first."""
_VERSIONS_NEEDED = 0x6FFFFFFE
_SECTION = struct.Struct("<IIQQQQIIQQ")
_LIBRARY = struct.Struct("<HHIII")
_VERSION = struct.Struct("<IHHII")

FIRST = "GLIBC_2.2.5"
"""The first version of every symbol on x86-64."""
YOUNGER_THAN_THEIR_MEANING = {"libm.so.6": "GLIBC_2.35"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A version that a library must have, and where in the file that stands."""

    library: str
    version: str
    at: int
    names_at: int


def needs(content: bytes) -> tuple[Need, ...]:
    """What a file needs of which library; nothing if it is no library or program."""
    return tuple(_needs(content)) if content.startswith(_MAGIC) else ()


def newest(content: bytes) -> tuple[int, ...]:
    """The glibc that a file needs, as (2, 34); (0,) if none."""
    named = (each.version.removeprefix("GLIBC_") for each in needs(content) if each.version.startswith("GLIBC_2"))
    return max((tuple(map(int, version.split("."))) for version in named), default=(0,))


def lowered(content: bytes) -> bytes:
    """The same file, content with the first `hypot`."""
    changed = bytearray(content)
    for need in needs(content):
        if need.version == YOUNGER_THAN_THEIR_MEANING.get(need.library):
            name = content.index(b"\0" + FIRST.encode() + b"\0", need.names_at) + 1 - need.names_at
            _, flags, index, _, following = _VERSION.unpack_from(content, need.at)
            _VERSION.pack_into(changed, need.at, elf_hash(FIRST), flags, index, name, following)
    return bytes(changed)


def elf_hash(name: str) -> int:
    """By which the loader finds a version: https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html#hash"""
    value = 0
    for byte in name.encode():
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ (high >> 24)) & ~high & 0xFFFFFFFF
    return value


def _needs(content: bytes) -> Iterator[Need]:
    sections = _sections(content)
    for kind, at, link in ((section[1], section[4], section[6]) for section in sections):
        if kind != _VERSIONS_NEEDED:
            continue
        names_at = sections[link][4]
        for library_at in _chain(content, at, _LIBRARY):
            _, _, library, first, _ = _LIBRARY.unpack_from(content, library_at)
            for version_at in _chain(content, library_at + first, _VERSION):
                version = _VERSION.unpack_from(content, version_at)[3]
                names = (_name(content, names_at + library), _name(content, names_at + version))
                yield Need(library=names[0], version=names[1], at=version_at, names_at=names_at)


def _sections(content: bytes) -> list[tuple[int, ...]]:
    (start,) = struct.unpack_from("<Q", content, 0x28)
    size, count = struct.unpack_from("<HH", content, 0x3A)
    return [_SECTION.unpack_from(content, start + size * number) for number in range(count)]


def _chain(content: bytes, at: int, entry: struct.Struct) -> Iterator[int]:
    """The places of linked entries; the last word of each says how far the next one is."""
    while True:
        yield at
        step = entry.unpack_from(content, at)[-1]
        if not step:
            return
        at += step


def _name(content: bytes, at: int) -> str:
    return content[at : content.index(b"\0", at)].decode()
