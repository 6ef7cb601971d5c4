"""Whether secrets and parameters are there; no call here can return the value of one."""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.aws.absence import needed_objects, unless_absent
from ecsdeploy.aws.reading import JsonObject, pages, text
from ecsdeploy.aws.session import Session

_PER_CALL = 50
_MOST_PAGES = 10


def secret_exists(session: Session, name: str, *, region: str) -> bool:
    """Whether the secret exists. One that is scheduled for deletion does not: its value cannot be read any more.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
    """
    asked = {"SecretId": name}
    subject = f"secret `{name}`"
    reply = unless_absent(
        lambda: session.call("secretsmanager", "DescribeSecret", asked, subject=subject, region=region)
    )
    return reply is not None and not reply.get("DeletedDate")


def parameters_that_exist(session: Session, names: Sequence[str], *, region: str) -> frozenset[str]:
    """Those of the names that Parameter Store lists.

    The parameters `x` and `/x` have the same ARN, so we look for a name of one part in both forms.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
    """
    wanted = list(dict.fromkeys(form for name in names for form in _forms(name)))
    listed: set[str] = set()
    for start in range(0, len(wanted), _PER_CALL):
        listed |= _found(session, wanted[start : start + _PER_CALL], region)
    return frozenset(name for name in names if listed & {*_forms(name)})


def _forms(name: str) -> tuple[str, ...]:
    return (name, name[1:]) if name.startswith("/") and "/" not in name[1:] else (name,)


def _found(session: Session, names: Sequence[str], region: str) -> set[str]:
    asked: dict[str, object] = {
        "ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": list(names)}],
        "MaxResults": _PER_CALL,
    }

    def ask(token: str) -> JsonObject:
        more = {"NextToken": token} if token else {}
        return session.call("ssm", "DescribeParameters", asked | more, subject="parameters", region=region)

    found = pages(ask, "parameters", most=_MOST_PAGES, member="NextToken")
    return {text(each, "Name") for page in found for each in needed_objects(page, "Parameters")}
