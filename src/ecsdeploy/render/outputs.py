"""The outputs of a step in a GitHub job, which later steps can read, with the names of our Action's outputs."""

from __future__ import annotations

from ecsdeploy.render.ended import Ended
from ecsdeploy.render.stepsummary import summary

_REPORT_BYTES = 60_000
"""GitHub takes 1 MiB of outputs of a job and 65,536 characters in a comment; Linux takes 128 KiB in a variable."""


def outputs(ended: Ended) -> tuple[tuple[str, str], ...]:
    """Pairs of a name and a value. Only `report` has several lines."""
    outcome = ended.outcome
    return (
        ("verdict", outcome.verdict.status.value),
        ("exit-code", str(int(ended.exit_code))),
        ("cause-code", _code(ended)),
        ("cause", ended.why),
        ("from-revision", outcome.from_revision),
        ("to-revision", outcome.to_revision),
        ("deployment-id", outcome.deployment_id),
        ("report", summary(ended, _REPORT_BYTES // 2).strip("\n")),
    )


def assigned(pairs: tuple[tuple[str, str], ...], delimiter: str) -> str:
    """The text to append to the file `$GITHUB_OUTPUT`. No value may contain `delimiter`.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
    """
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in pairs)


def _code(ended: Ended) -> str:
    """The code of the first cause, or of the check that refused; empty without either."""
    cause, planned = ended.outcome.cause, ended.view.planned
    if cause:
        return cause.code
    return next((each.code for each in planned.findings if each.blocking), "") if planned else ""
