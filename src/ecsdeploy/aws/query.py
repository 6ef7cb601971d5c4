"""Calls of the services that answer in XML, which the SDK reads itself."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.aws.reading import Record
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import ReplyLost


def ask(session: Session, operation: str, asked: Mapping[str, object], *, subject: str, region: str = "") -> Record:
    """The reply to `service:Operation`; a page that is no such reply is a lost one.

    The SDK looks for the operation's element in any well-formed page, and raises a KeyError where it is not there.
    """
    service, _, name = operation.partition(":")
    try:
        return session.call(service, name, asked, subject=subject, region=region)
    except KeyError as error:
        raise ReplyLost(f"No usable reply came to `{operation}` for {subject}: {error} is not in it.") from error
