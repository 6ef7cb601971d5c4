"""What is said of a text that is no image reference, word for word: what is wrong with it, and what is right."""

import pytest

from ecsdeploy.errors import ImageError
from ecsdeploy.model.image import ImageRef

A_TAG = "A tag has up to 128 letters, digits, `_`, `.` and `-`, and does not begin with `.` or `-`."
A_REFERENCE = "Write `[registry[:port]/]name[:tag][@digest]`, for example `registry.example.com:5000/team/web:2`."
A_DIGEST = "A digest looks like `sha256:` and 64 hexadecimal digits in lower case."
LONG = "a" * 256
REFUSED = {
    "": ("`` has no image name.", A_REFERENCE),
    "my app": ("`my app` is not an image reference.", A_REFERENCE),
    LONG: (f"The image name in `{LONG}` is longer than 255.", A_REFERENCE),
    "Reg.io/Team/app": (
        "The repository in `Reg.io/Team/app` has upper-case letters.",
        "Repository names are lower case.",
    ),
    "reg-.io/app": ("`reg-.io` is not a registry's host name in `reg-.io/app`.", ""),
    "app@sha256:1": ("`sha256:1` is not a digest in `app@sha256:1`.", A_DIGEST),
    "app@": ("`` is not a digest in `app@`.", A_DIGEST),
    "app:": ("The tag is empty in `app:`: is a variable unset?", A_TAG),
    "app:2\r": (r"The tag `2\r` ends in a carriage return: was a file written on Windows?", A_TAG),
    "app:.2\r": (r"`.2\r` is not a legal tag in `app:.2\r`.", A_TAG),
    "app:2 \r": (r"`2 \r` is not a legal tag in `app:2 \r`.", A_TAG),
    "app:2\n": (r"`2\n` is not a legal tag in `app:2\n`.", A_TAG),
    "app:-1": ("`-1` is not a legal tag in `app:-1`.", A_TAG),
    "app:fix/a": ("The tag `fix/a` has a `/` in `app:fix/a`.", A_TAG),
    "reg.io:5000/app:fix/a/b": ("The tag `fix/a/b` has a `/` in `reg.io:5000/app:fix/a/b`.", A_TAG),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=[f"text {number}" for number in range(len(REFUSED))])
def test_a_text_that_is_no_reference_is_refused_with_what_is_wrong(text: str, said: tuple[str, str]) -> None:
    with pytest.raises(ImageError) as refused:
        ImageRef.parse(text)
    assert (refused.value.message, refused.value.hint) == said


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("", "The tag is empty: is a variable unset?"),
        ("a/b", "The tag `a/b` has a `/`."),
        ("-1", "`-1` is not a legal tag."),
        ("1\r", r"The tag `1\r` ends in a carriage return: was a file written on Windows?"),
        ("é\t", r"`é\t` is not a legal tag."),
        (
            "X" * 128 + "\r\r",
            "The tag `" + "X" * 128 + r"\r\r` ends in a carriage return: was a file written on Windows?",
        ),
    ],
)
def test_a_tag_alone_is_refused_with_what_is_wrong(tag: str, message: str) -> None:
    with pytest.raises(ImageError) as refused:
        ImageRef.parse("app").with_tag(tag)
    assert (refused.value.message, refused.value.hint) == (message, A_TAG)
