import os
import tarfile
from pathlib import Path

from tools.dist import archive


def _folder(at: Path, *, time: int) -> Path:
    folder = at / "tool"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "b.so").write_bytes(b"b")
    (folder / "lib" / "a.so").symlink_to("b.so")
    (folder / "tool").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "tool").chmod(0o700)
    os.utime(folder / "tool", (time, time))
    return folder


def test_two_folders_alike_make_one_archive(tmp_path: Path) -> None:
    for name, time in (("one", 1), ("two", 2)):
        archive.pack(_folder(tmp_path / name, time=time), tmp_path / f"{name}.tar.gz", epoch=1_700_000_000)
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()


def test_an_archive_has_the_folder_under_its_name_owned_by_root(tmp_path: Path) -> None:
    archive.pack(_folder(tmp_path, time=1), tmp_path / "tool.tar.gz", epoch=7)
    with tarfile.open(tmp_path / "tool.tar.gz") as tar:
        found = [(each.name, oct(each.mode), each.linkname) for each in tar]
        assert {(each.mtime, each.uname, each.uid) for each in tar} == {(7, "root", 0)}
    assert found == [
        ("tool", "0o755", ""),
        ("tool/lib", "0o755", ""),
        ("tool/lib/a.so", "0o777", "b.so"),
        ("tool/lib/b.so", "0o644", ""),
        ("tool/tool", "0o755", ""),
    ]
