"""What the next steps of a GitHub job can read of a run: the names are those of the outputs of our Action."""

from __future__ import annotations

from ecsdeploy.render.ended import Ended
from ecsdeploy.render.stepsummary import summary

_REPORT_BYTES = 60_000
"""GitHub takes 1 MiB of outputs of a job, a comment of it 65,536 characters, and Linux 128 KiB of one variable."""


def outputs(ended: Ended) -> tuple[tuple[str, str], ...]:
    """Names and values; only the report has several lines."""
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
    """The lines of `$GITHUB_OUTPUT`; `delimiter` stands in no value.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
    """
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in pairs)


def _code(ended: Ended) -> str:
    """That of the first cause, or of the check that refused."""
    cause, planned = ended.outcome.cause, ended.view.planned
    if cause:
        return cause.code
    return next((each.code for each in planned.findings if each.blocking), "") if planned else ""
