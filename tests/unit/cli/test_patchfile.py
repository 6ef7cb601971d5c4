"""A patch is read from a file or as typed; what is none is refused in one sentence that shows no value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecsdeploy.model.edits import Patch, SetVariable
from tests.unit.cli.builders import WEB, Api, ran, surroundings

DEPLOY = ("deploy", *WEB)
OPERATION = {"op": "replace", "path": "/cpu", "value": "512"}


@pytest.mark.parametrize("command", [DEPLOY, ("plan", *WEB), WEB], ids=["deploy", "plan", "flag form"])
@pytest.mark.parametrize("text", ["p.json", f" {json.dumps([OPERATION])}"], ids=["a file", "as typed"])
def test_a_patch_is_the_last_edit(command: tuple[str, ...], text: str, api: Api, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps([OPERATION]))
    assert ran((*command, "--patch", text, "--env", "A=1"), surroundings(tmp_path)).code == 0
    (request,) = (*api.requests, *api.planned)
    edits = getattr(request, "edits")  # noqa: B009 - the union's members differ
    assert edits == (SetVariable(name="A", value="1"), Patch(operations=(OPERATION,)))


REFUSED = [
    pytest.param("", "`--patch` names no file.", id="nothing"),
    pytest.param("no.json", "The patch `no.json` does not exist.", id="a missing file"),
    pytest.param(".", "The patch `.` cannot be read: Is a directory.", id="a folder"),
    pytest.param("binary", "The patch `binary` is not UTF-8 text.", id="no text"),
    pytest.param("large", "The patch `large` is larger than 64 KiB", id="a large file"),
    pytest.param("broken", "The patch `broken` is not JSON: line 1, column 2.", id="half of a list"),
    pytest.param('[{"op": hunter2', "The patch is not JSON: line 1, column 9.", id="no JSON"),
    pytest.param("[" * 20000, "The patch is not JSON", id="a deep one"),
    pytest.param(json.dumps(OPERATION), "The patch holds no list of operations.", id="one operation"),
    pytest.param('["hunter2"]', "The patch holds no list of operations.", id="texts"),
    pytest.param("[]", "The patch has no operation.", id="none"),
    pytest.param('[{"path": "/cpu"}]', "Operation 1 of the patch has no `op`.", id="no op"),
    pytest.param(
        '[{"op": "replce", "path": "/a"}]', "JSON Patch does not know: `replce`. Did you mean `repl", id="a slip"
    ),
    pytest.param('[{"op": "append", "path": "/a"}]', "does not know: `append`. ", id="of no standard"),
    pytest.param(
        '[{"op": "replace", "path": "/cpu"}]', "Operation 1 of the patch (`replace`) has no `value`.", id="value"
    ),
    pytest.param(
        '[{"op": "add", "value": "hunter2"}]', "Operation 1 of the patch (`add`) has no `path`.", id="no path"
    ),
    pytest.param('[{"op": "copy", "path": "/a"}]', "Operation 1 of the patch (`copy`) has no `from`.", id="no from"),
    pytest.param('[{"op": "remove", "path": "cpu"}]', "(`remove`) has a `path` that is no path.", id="no slash"),
    pytest.param('[{"op": "remove", "path": ""}]', "(`remove`) has a `path` that is no path.", id="all of it"),
    pytest.param('[{"op": "move", "path": "/a", "from": 1}]', "(`move`) has a `from` that is no path.", id="a number"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_patch_is_refused(text: str, message: str, api: Api, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe[")
    (tmp_path / "large").write_text("[" + " " * 65536 + "]")
    (tmp_path / "broken").write_text("[")
    found = ran((*DEPLOY, "--patch", text), surroundings(tmp_path))
    assert found.code == 64
    assert message in found.stderr
    assert "hunter2" not in found.stdout + found.stderr
    assert api.requests == []
