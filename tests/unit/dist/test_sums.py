from pathlib import Path

from tools.dist import sums


def test_every_file_has_a_line_that_sha256sum_reads(tmp_path: Path) -> None:
    for name in ("b.whl", "a.pyz", sums.NAME):
        (tmp_path / name).write_bytes(b"")
    of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    sums.write(tmp_path)
    assert (tmp_path / sums.NAME).read_text(encoding="ascii") == f"{of_nothing}  a.pyz\n{of_nothing}  b.whl\n"
