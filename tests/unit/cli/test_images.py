"""The image arguments of the flag form: references and tags (D3, D6, D7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.model.edits import SetImage, SetTag
from ecsdeploy.model.image import ImageRef
from tests.unit.cli.builders import WEB, Api, ran, surroundings

DIGEST = "sha256:" + "a" * 64

IMAGES = [
    pytest.param(("-i", "mariadb"), {}, ("", "mariadb:latest"), id="no tag is latest"),
    pytest.param(("-i", "my_org/app:1"), {}, ("", "my_org/app:1"), id="legal, though the script refused it"),
    pytest.param(
        ("-i", "private.registry.com:8000/repo/image:tag"),
        {},
        ("", "private.registry.com:8000/repo/image:tag"),
        id="port",
    ),
    pytest.param(("-i", f"app@{DIGEST}"), {}, ("", f"app@{DIGEST}"), id="digest"),
    pytest.param(("-i", f"app:1@{DIGEST}"), {}, ("", f"app:1@{DIGEST}"), id="tag and digest"),
    pytest.param(("-i", "side=b:2"), {}, ("side", "b:2"), id="of one container"),
    pytest.param(("-i", "app", "-e", "TAG"), {"TAG": "7"}, ("", "app:7"), id="-e gives the tag"),
    pytest.param(("-i", "app:1", "-e", "TAG"), {"TAG": "7"}, ("", "app:7"), id="-e overrides the tag (D6)"),
    pytest.param(("-i", f"app@{DIGEST}", "-e", "TAG"), {"TAG": "7"}, ("", "app:7"), id="-e overrides the digest (D6)"),
    pytest.param(("-i", "app:$TAG"), {"TAG": "7"}, ("", "app:7"), id="$NAME"),
    pytest.param(("-i", "${REPO}:v${TAG}"), {"TAG": "7", "REPO": "a/b"}, ("", "a/b:v7"), id="${NAME} twice"),
    pytest.param(("-i", "app:$(< VERSION)"), {}, ("", "app:1.2.3"), id="file"),
    pytest.param(("-i", "app:$(<VERSION)"), {}, ("", "app:1.2.3"), id="file without a space"),
]


@pytest.mark.parametrize(("words", "variables", "image"), IMAGES)
def test_d7_an_image_is_understood(
    words: tuple[str, ...], variables: dict[str, str], image: tuple[str, str], api: Api, tmp_path: Path
) -> None:
    (tmp_path / "VERSION").write_text("  1.2.3  \r\nnot this line\n")
    run = ran((*WEB, *words), surroundings(tmp_path, variables))
    assert (run.code, run.stderr) == (0, "")
    container, text = image
    assert api.deployed.edits == (SetImage(container=container, image=ImageRef.parse(text)),)


def test_t19_the_last_image_counts_and_the_others_are_named(api: Api) -> None:
    run = ran((*WEB, "-i", "a:1", "-i", "side=c:1", "-i", "b:2"))
    assert run.code == 0
    assert run.stderr == "Warning: `-i` is given several times, and only the last counts: `b:2`, and not `a:1`.\n"
    assert [str(each.image) for each in api.deployed.edits if isinstance(each, SetImage)] == ["b:2", "c:1"]


@pytest.mark.parametrize("words", [("-n", "api"), ("-c", "staging")])
def test_t19_a_second_service_or_cluster_is_said_in_the_flag_form(words: tuple[str, str], api: Api) -> None:
    run = ran((*WEB, *words, "-i", "a:1"))
    assert run.code == 0
    assert f"Warning: `{words[0]}` is given several times, and only the last counts: `{words[1]}`" in run.stderr


@pytest.mark.parametrize("words", [("-n", "api"), ("-c", "staging"), ("--service", "api")])
@pytest.mark.parametrize("command", ["status", "logs", "history", "scale"])
def test_t19_a_second_service_or_cluster_is_refused_where_one_is_meant(
    command: str, words: tuple[str, str], api: Api
) -> None:
    run = ran((command, *WEB, *words))
    assert (run.code, api.accesses) == (64, [])
    assert "is given several times: `" in run.stderr


def test_t19_the_same_twice_is_no_matter(api: Api) -> None:
    assert ran((*WEB, *WEB, "-i", "a:1", "-i", "a:1")).stderr == ""
    assert ran(("deploy", *WEB, *WEB, "--image", "a:1")).code == 0


def test_p10_a_carriage_return_is_written_out_on_both_streams(api: Api) -> None:
    run = ran((*WEB, "-i", "registry.example.com/team/web:2\r"))
    assert (run.code, run.stdout.count("\r"), run.stderr.count("\r")) == (13, 0, 0)
    assert r"team/web:2\r, check" in run.stdout
    assert "ends in a carriage return" in run.stderr


@pytest.mark.parametrize("variables", [{}, {"TAG": ""}], ids=["unset", "empty"])
def test_d6_a_variable_without_a_value_is_1_and_named(variables: dict[str, str], api: Api) -> None:
    for words in (("-i", "app:1", "-e", "TAG"), ("-i", "app:$TAG")):
        run = ran((*WEB, *words), surroundings(variables=variables))
        assert (run.code, run.stdout, api.accesses) == (1, "", [])
        assert "`TAG`" in run.stderr


def test_d6_a_variable_s_name_is_never_code(api: Api, tmp_path: Path) -> None:
    name = f"x[$(touch {tmp_path}/pwned)]"
    run = ran((*WEB, "-i", "app", "-e", name), surroundings(tmp_path))
    assert run.code == 1
    assert not (tmp_path / "pwned").exists()


def test_d3_a_tag_alone_needs_no_image_and_ignores_one(api: Api) -> None:
    for words in (("-to", "7"), ("-to", "7", "-i", "ignore"), ("-to", "7", "-i", "A/B C"), ("-to", "7", "-i", "")):
        api.requests.clear()
        assert ran((*WEB, *words)).code == 0
        assert api.deployed.edits == (SetTag(tag="7"),)


@pytest.mark.parametrize("tag", ["a&b", "a|b", ".x", "-x", "a b", "t" * 129, "a/b"])
def test_c05_an_illegal_tag_is_13(tag: str, api: Api) -> None:
    run = ran((*WEB, "-to", tag))
    assert (run.code, api.accesses) == (13, [])
    assert f"`{tag}`" in run.stderr
