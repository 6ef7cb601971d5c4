"""Reads a list page by page to its end: one that cannot be read whole is an error, and never a shorter list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ecsdeploy.aws.reading import Record, text
from ecsdeploy.errors import AwsError


def pages(ask: Callable[[str], Record], subject: str, *, most: int, member: str = "nextToken") -> Iterator[Record]:
    """Each page, `most` at most; `ask` is given the token of a page, an empty one for the first.

    `AwsError` where more are named, or one that was read already. `member` has the next page's token.
    """
    token, known = "", set[str]()
    for _ in range(most):
        page = ask(token)
        yield page
        token = next_token(page, known, subject, member)
        if not token:
            return
    raise AwsError(f"The list of {subject} has more than {most} pages, and was not read whole.")


def next_token(page: Record, known: set[str], subject: str, member: str = "nextToken") -> str:
    """The token of the next page, which is added to those `known`; an empty one at the end of the list."""
    token = text(page, member)
    if token in known:
        raise AwsError(f"The list of {subject} names the same page twice, and was not read whole.")
    known |= {token} if token else set()
    return token
