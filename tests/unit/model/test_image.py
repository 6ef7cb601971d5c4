"""Image references: the grammar of ecs.md 3.13, and what the bash script made of them (dropin.md B.5, C.1 to C.5)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.errors import ImageError
from ecsdeploy.model.image import EcrHost, ImageRef, same_repository

SHA = f"sha256:{'9d1e' * 16}"

LEGAL = {
    # The forms of part A.
    "name": ("mariadb", ("docker.io", "library/mariadb", "", "")),
    "name-and-tag": ("mariadb:latest", ("docker.io", "library/mariadb", "latest", "")),
    "name-with-owner": ("silintl/mariadb", ("docker.io", "silintl/mariadb", "", "")),
    "owner-and-tag": ("silintl/mariadb:latest", ("docker.io", "silintl/mariadb", "latest", "")),
    "registry-with-port": (
        "private.registry.com:8000/repo/image:tag",
        ("private.registry.com:8000", "repo/image", "tag", ""),
    ),
    # B.5: rejected by the script although legal.
    "underscore-in-first-part": ("my_org/app:1", ("docker.io", "my_org/app", "1", "")),
    "underscore-in-root": ("my_app:1", ("docker.io", "library/my_app", "1", "")),
    "tag-and-digest": (f"app:1@{SHA}", ("docker.io", "library/app", "1", SHA)),
    # C.1: the script crashed.
    "digest": (f"team/app@{SHA}", ("docker.io", "team/app", "", SHA)),
    "registry-and-digest": (f"reg.io:5000/app@{SHA}", ("reg.io:5000", "app", "", SHA)),
    # What makes a first part a host.
    "localhost": ("localhost/app", ("localhost", "app", "", "")),
    "localhost-with-port": ("localhost:5000/app", ("localhost:5000", "app", "", "")),
    "host-by-dot": ("reg.io/app:1", ("reg.io", "app", "1", "")),
    "host-by-port": ("reg:5000/app", ("reg:5000", "app", "", "")),
    "host-by-capital": ("Registry/app", ("Registry", "app", "", "")),
    "host-by-address": ("[2001:db8::1]:5000/app:1", ("[2001:db8::1]:5000", "app", "1", "")),
    "no-host": ("registry/app", ("docker.io", "registry/app", "", "")),
    "host-without-path-is-a-name": ("reg.io:5000", ("docker.io", "library/reg.io", "5000", "")),
    # Docker Hub's own names.
    "hub": ("docker.io/nginx", ("docker.io", "library/nginx", "", "")),
    "hub-library": ("docker.io/library/nginx", ("docker.io", "library/nginx", "", "")),
    "hub-legacy": ("index.docker.io/nginx:1", ("docker.io", "library/nginx", "1", "")),
    # Separators within a part.
    "dot": ("a.b/c", ("a.b", "c", "", "")),
    "one-underscore": ("a_b", ("docker.io", "library/a_b", "", "")),
    "two-underscores": ("a__b", ("docker.io", "library/a__b", "", "")),
    "many-dashes": ("a---b", ("docker.io", "library/a---b", "", "")),
    "deep": ("reg.io/a/b/c/d:1", ("reg.io", "a/b/c/d", "1", "")),
    # Tags.
    "tag-with-capitals": ("app:V1.0-RC_2", ("docker.io", "library/app", "V1.0-RC_2", "")),
    "tag-begins-with-underscore": ("app:_1", ("docker.io", "library/app", "_1", "")),
    "longest-tag": (f"app:{'t' * 128}", ("docker.io", "library/app", "t" * 128, "")),
    # Digests of other algorithms.
    "sha512": (f"app@sha512:{'a' * 128}", ("docker.io", "library/app", "", f"sha512:{'a' * 128}")),
    "unregistered-algorithm": (f"app@blake3+x:{'A' * 32}", ("docker.io", "library/app", "", f"blake3+x:{'A' * 32}")),
    # A name like a digest's, without the sign.
    "named-sha256": (f"sha256:{'a' * 64}", ("docker.io", "library/sha256", "a" * 64, "")),
}

ILLEGAL = {
    "empty": "",
    "tag-alone": ":1",
    "digest-alone": f"@{SHA}",
    "no-tag": "app:",
    "no-digest": "app@",
    "upper-case": "App",
    "upper-case-path": "reg.io/Team/app",
    "tag-too-long": f"app:{'t' * 129}",
    "tag-begins-with-dot": "app:.1",
    "tag-begins-with-dash": "app:-1",
    "tag-with-space": "app:1 2",
    "tag-with-ampersand": "app:1&2",
    "tag-not-ascii": "app:é",
    "name-not-ascii": "é",
    "space": "my app",
    "line-end": "app\n",
    "shell": "app:$(id)",
    "backquotes": "app:`git describe`",
    "three-underscores": "a___b",
    "mixed-separators": "a-._b",
    "separator-first": "-a",
    "separator-last": "a_",
    "empty-part": "a//b",
    "slash-first": "/app",
    "slash-last": "app/",
    "scheme": "https://reg.io/app",
    "port-not-a-number": "reg.io:port/app",
    "host-ends-with-dash": "reg-.io/app",
    "two-digests": f"app@{SHA}@{SHA}",
    "digest-too-short": f"app@sha256:{'a' * 63}",
    "digest-too-long": f"app@sha256:{'a' * 65}",
    "digest-in-capitals": f"app@sha256:{'A' * 64}",
    "digest-without-algorithm": f"app@{'a' * 64}",
    "digest-of-31-digits": f"app@md4:{'a' * 31}",
    "digest-then-tag": f"app@{SHA}:1",
    "name-too-long": f"reg.io/{'a' * 255}",
}


@pytest.mark.parametrize(("text", "parts"), LEGAL.values(), ids=LEGAL)
def test_legal_reference_is_taken_apart(text: str, parts: tuple[str, str, str, str]) -> None:
    found = ImageRef.parse(text)
    assert (found.host, found.path, found.tag, found.digest) == parts


@pytest.mark.parametrize("text", [text for text, _ in LEGAL.values()], ids=LEGAL)
def test_reference_is_written_as_it_was_read(text: str) -> None:
    assert str(ImageRef.parse(text)) == text


@pytest.mark.parametrize("text", ILLEGAL.values(), ids=ILLEGAL)
def test_illegal_reference_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ImageError) as refused:
        ImageRef.parse(text)
    assert text in refused.value.message


def test_upper_case_in_the_path_is_named() -> None:
    with pytest.raises(ImageError, match="upper-case"):
        ImageRef.parse("reg.io/Team/app:1")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("nginx", "docker.io/library/nginx:1"),
        ("library/nginx", "index.docker.io/nginx"),
        ("team/app:1", "docker.io/team/app"),
        (f"reg.io:5000/app@{SHA}", "reg.io:5000/app:2"),
    ],
)
def test_the_same_repository_however_written(left: str, right: str) -> None:
    assert same_repository(left, ImageRef.parse(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # C.2: another repository was called a success and nothing was replaced.
        ("team/app:1", "team/web:1"),
        # C.3: `.*` in front took any registry and any prefix for the same.
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1", "app:2"),
        ("notmine-acct/app", "acct/app"),
        ("acct/app", "app"),
        ("team/appX", "team/app.x"),
        ("app-worker:1", "app:1"),
        ("otherrepo/app", "repo/app"),
        # C.5: a port is no tag.
        ("localhost:5000/app", "localhost:7"),
        ("reg.io:5000/app", "reg.io:5001/app"),
        ("reg.io/nginx", "nginx"),
        ("reg.io/library/nginx", "nginx"),
    ],
)
def test_another_repository_is_never_the_same(left: str, right: str) -> None:
    assert not same_repository(left, ImageRef.parse(right))


@pytest.mark.parametrize("text", ILLEGAL.values(), ids=ILLEGAL)
def test_what_is_no_reference_is_of_no_repository(text: str) -> None:
    assert not same_repository(text, ImageRef.parse("app"))


@pytest.mark.parametrize(
    ("text", "tag", "after"),
    [
        # C.5: what `-to 7` gave.
        pytest.param("localhost:5000/app", "7", "localhost:5000/app:7", id="port-stays"),
        pytest.param("app:1", "7", "app:7", id="tag"),
        pytest.param("app", "7", "app:7", id="untagged"),
        pytest.param(f"repo@{SHA}", "7", "repo:7", id="digest-goes"),
        pytest.param(f"repo:1@{SHA}", "7", "repo:7", id="tag-and-digest"),
    ],
)
def test_with_tag(text: str, tag: str, after: str) -> None:
    assert str(ImageRef.parse(text).with_tag(tag)) == after


@pytest.mark.parametrize("tag", ["", "a|b", "a&b", ".1", "-1", "a/b", "a:b", "t" * 129, "1\n"])
def test_with_an_illegal_tag(tag: str) -> None:
    with pytest.raises(ImageError, match=r"not a legal tag|The tag is empty|has a `/`"):
        ImageRef.parse("app").with_tag(tag)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "registry.example.com/team/web:",
            "The tag is empty in `registry.example.com/team/web:`: is a variable unset?",
        ),
        ("web:", "The tag is empty in `web:`: is a variable unset?"),
        ("registry.example.com/team/web:feature/login", "The tag `feature/login` has a `/` in `registry.example.com/"),
        ("registry.example.com:5000/web:fix/a/b", "The tag `fix/a/b` has a `/`"),
        ("web:feature/login", "The tag `feature/login` has a `/`"),
        ("web:2\r", r"The tag `2\r` ends in a carriage return: was a file written on Windows?"),
        ("web:2\t", r"`2\t` is not a legal tag in `web:2\t`."),
    ],
)
def test_p10_what_is_wrong_with_a_tag_is_named(text: str, said: str) -> None:
    with pytest.raises(ImageError) as caught:
        ImageRef.parse(text)
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize("text", ["localhost:5000/app", "[::1]:80/app", "web:5000/app", "example.com:5000/a/b"])
def test_p10_a_port_is_no_tag(text: str) -> None:
    assert ImageRef.parse(text).tag == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nginx", "registry-1.docker.io/library/nginx"),
        ("team/web", "registry.hub.docker.com/team/web"),
        ("111122223333.dkr-ecr.eu-west-1.on.aws/web", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web"),
        ("111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/web", "111122223333.dkr.ecr.us-east-1.amazonaws.com/web"),
        (
            "111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/web",
            "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/web",
        ),
    ],
)
def test_p11_a_registry_has_several_names(one: str, other: str) -> None:
    assert same_repository(one, ImageRef.parse(other))
    assert str(ImageRef.parse(one)) == one


@pytest.mark.parametrize(
    ("host", "ecr"),
    [
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com", EcrHost(account="111122223333", region="eu-west-1")),
        (
            "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            EcrHost(account="111122223333", region="us-gov-west-1"),
        ),
        ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", EcrHost(account="111122223333", region="cn-north-1")),
        ("111122223333.dkr-ecr.eu-west-1.on.aws", EcrHost(account="111122223333", region="eu-west-1")),
        ("public.ecr.aws", None),
        ("1111.dkr.ecr.eu-west-1.amazonaws.com", None),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.io", None),
        ("111122223333xdkr.ecr.eu-west-1.amazonaws.com", None),
    ],
)
def test_ecr_host(host: str, ecr: EcrHost | None) -> None:
    assert ImageRef.parse(f"{host}/team/app:1").ecr == ecr


ALPHANUMERIC = st.text("abcxyz019", min_size=1, max_size=5)
COMPONENT = st.lists(ALPHANUMERIC, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from([".", "_", "__", "-", "---"]).map(lambda separator: separator.join(words))
)
PATH = st.lists(COMPONENT, min_size=1, max_size=3).map("/".join)
HOST = st.sampled_from(
    ["", "docker.io/", "index.docker.io/", "localhost/", "reg.io/", "reg.io:5000/", "[::1]:80/", "UP/"]
)
TAG = st.from_regex(r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,9})?", fullmatch=True)
DIGEST = st.sampled_from(["", f"@{SHA}", f"@sha512:{'0f' * 64}", f"@x.y+z:{'Ab' * 20}"])
REFERENCES = st.tuples(HOST, PATH, TAG, DIGEST).map("".join)


@given(REFERENCES)
def test_every_reference_by_the_grammar_is_read_and_written_alike(text: str) -> None:
    found = ImageRef.parse(text)
    assert str(found) == text
    assert ImageRef.parse(str(found)) == found


@given(REFERENCES, REFERENCES)
def test_same_repository_is_symmetric(left: str, right: str) -> None:
    assert same_repository(left, ImageRef.parse(right)) == same_repository(right, ImageRef.parse(left))


@given(REFERENCES, TAG.filter(bool))
def test_a_new_tag_leaves_the_repository(text: str, tag: str) -> None:
    found = ImageRef.parse(text)
    assert found.with_tag(tag[1:]).repository == found.repository


@given(PATH, TAG)
def test_docker_hub_is_one_registry_under_all_its_names(path: str, tag: str) -> None:
    short = f"library/{path}" if "/" not in path else path
    if "." in short.split("/")[0]:
        return
    named = {ImageRef.parse(f"{host}{short}{tag}").repository for host in ("", "docker.io/", "index.docker.io/")}
    assert named == {f"docker.io/{short}"}


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_an_image_error(text: str) -> None:
    with contextlib.suppress(ImageError):
        assert str(ImageRef.parse(text)) == text


def test_a_name_may_be_as_long_as_its_limit() -> None:
    path = "a" * (255 - len("docker.io/library/"))
    assert ImageRef.parse(path).path == f"library/{path}"
    with pytest.raises(ImageError, match="longer than 255"):
        ImageRef.parse(f"{path}a")


def test_a_new_tag_gives_what_the_text_with_that_tag_does() -> None:
    assert ImageRef.parse(f"repo:1@{SHA}").with_tag("7") == ImageRef.parse("repo:7")


@pytest.mark.parametrize(
    ("host", "first"),
    [
        ("111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1.amazonaws.com.cn"),
        ("111122223333.dkr-ecr.eu-west-1.on.aws", "eu-west-1.amazonaws.com"),
        ("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1.amazonaws.com"),
    ],
)
def test_a_private_registry_has_one_name_in_each_partition(host: str, first: str) -> None:
    assert ImageRef.parse(f"{host}/web:2").host == f"111122223333.dkr.ecr.{first}"
