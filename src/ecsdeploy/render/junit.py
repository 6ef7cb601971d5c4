"""A run as a test suite in JUnit's XML: what was checked, what was watched, and what came after.

GitLab, Jenkins, Buildkite and CircleCI read it: https://docs.gitlab.com/ci/testing/unit_test_reports/
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from junitparser import Error, Failure, JUnitXml, Skipped, SystemOut, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import UNDER_WAY, RollbackReport, Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks import tick
from ecsdeploy.render.block import GOOD
from ecsdeploy.render.ended import Ended
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.verdicts import rolled_back

_UNWRITABLE = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no way to write: https://www.w3.org/TR/xml/#charsets"""
_FAILED = frozenset(
    {
        Status.FAILED,
        Status.STOPPED,
        Status.ROLLED_BACK,
        Status.ROLLBACK_FAILED,
        Status.TIMED_OUT,
        Status.SUPERSEDED,
    }
)
"""The deployment failed. With any other status that is not good, we do not know how it would have ended."""


def junit(ended: Ended, *, only_planned: bool) -> bytes:
    """The content of the file. With `only_planned`, no case is about watching."""
    suite = TestSuite(_writable(ended.title))
    suite.timestamp = f"{ended.outcome.started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    for name, value in _properties(ended):
        suite.add_property(_writable(name), _writable(value))
    suite.add_testcases([*_cases(ended, only_planned=only_planned)])
    # The library would add up the times of the cases, but time passes between them too.
    suite.time = ended.outcome.duration_seconds
    return _written(suite)


def junit_of_release(
    title: str, exit_code: int, seconds: float, ended: Iterable[tuple[str, Ended | None, str]]
) -> bytes:
    """The content of the file for several services: a case for each, with its name and what it is told of it."""
    suite = TestSuite(_writable(title))
    suite.add_property("exit_code", str(int(exit_code)))
    for name, each, error in ended:
        if each is not None:
            suite.add_testcase(_case("services", name, _verdict(each), each.text, each.outcome.duration_seconds))
        else:
            suite.add_testcase(_case("services", name, Error(_writable(error), "error"), error))
    suite.time = seconds
    return _written(suite)


def junit_of_error(exit_code: int, sentence: str) -> bytes:
    """The content of the file if a command line failed before its run began."""
    suite, said = TestSuite("ecs-deploy"), _writable(sentence)
    suite.add_property("exit_code", str(int(exit_code)))
    suite.add_testcase(_case("checks", "command line", Error(said, "error"), sentence))
    return _written(suite)


def _written(suite: TestSuite) -> bytes:
    whole, file = JUnitXml(), io.BytesIO()
    whole.append(suite)
    whole.write(file)
    return file.getvalue()


def _properties(ended: Ended) -> Iterator[tuple[str, str]]:
    """The properties of the suite, named like the members of the JSON result."""
    outcome, place = ended.outcome, ended.outcome.place
    yield "verdict", outcome.verdict.status.value
    yield "exit_code", str(int(ended.exit_code))
    yield from ((name, getattr(place, name)) for name in ("service", "cluster", "region", "account"))
    yield from ((name, getattr(outcome, name)) for name in ("from_revision", "to_revision", "deployment_id"))
    yield from ((f"image {container}", image) for container, image in outcome.images)


def _cases(ended: Ended, *, only_planned: bool) -> Iterator[TestCase]:
    """The cases. A case has the same name in every run, so that a CI system can compare runs."""
    if ended.view.planned:
        yield from _checks(ended.view.planned)
    if not only_planned:
        yield _case("watch", _watched(ended), _verdict(ended), ended.text, _seconds_watched(ended))
    elif ended.finished.error:
        yield _case("checks", "plan", _verdict(ended), ended.text)
    back = ended.outcome.rollback
    if back:
        yield _case("after", "rollback", _rollback(back), rolled_back(back), _seconds_back(ended))


def _checks(planned: Planned) -> Iterator[TestCase]:
    """One case for each code that was checked. A warning passes, and is the output of its case."""
    for code in dict.fromkeys(each.code for each in (*planned.findings, *planned.held)):
        found = [each for each in planned.findings if each.code == code]
        blocking = " ".join(advice(each) for each in found if each.blocking)
        said = "\n".join((*map(_warning, found), *(tick(each) for each in planned.held if each.code == code)))
        yield _case("checks", code, Failure(_writable(blocking), code) if blocking else None, said)


def _warning(found: Finding) -> str:
    return f"{gravity(found)}: {advice(found)}"


def _watched(ended: Ended) -> str:
    if ended.outcome.place.service:
        return "deployment"
    return "task" if ended.view.task else "registration"


def _verdict(ended: Ended) -> FinalResult | None:
    """The result of a case; None if it passed. A release that nobody followed is skipped; unknown is an error."""
    status = ended.outcome.verdict.status
    if status in GOOD:
        only_started = ended.view.task and not ended.view.task_finished
        return Skipped(_writable(ended.text)) if only_started else None
    what = _writable(f"{ended.verdict} {ended.why}".rstrip())
    if status in _FAILED:
        return Failure(what, ended.outcome.cause.code if ended.outcome.cause else status.value)
    refused = ended.view.planned is not None and any(each.blocking for each in ended.view.planned.findings)
    return Skipped(what) if refused or status is Status.DETACHED else Error(what, status.value)


def _rollback(report: RollbackReport) -> FinalResult | None:
    if report.status in (Status.SUCCEEDED, Status.ROLLED_BACK):
        return None
    what = _writable(rolled_back(report))
    return Error(what, report.status) if report.status == UNDER_WAY else Failure(what, report.status)


def _case(group: str, name: str, result: FinalResult | None, said: str, seconds: float = 0) -> TestCase:
    """A case. `said` is the text of its result, or its output if it passed (`result` is None).

    It is the whole story: GitLab shows the text of a failure, and not its message.
    """
    case = TestCase(_writable(name), group, seconds)
    if result is not None:
        result.text = _writable(said)
        case.append(result)
    elif said:
        case.append(SystemOut(_writable(said)))
    return case


def _seconds_watched(ended: Ended) -> float:
    """Seconds from our first step to the rollback, or to the end."""
    return _between(next((time for time, _ in ended.view.deeds), ended.at), _back(ended) or ended.at)


def _seconds_back(ended: Ended) -> float:
    return _between(_back(ended) or ended.at, ended.at)


def _back(ended: Ended) -> datetime | None:
    return next((time for time, deed in ended.view.deeds if isinstance(deed, RollingBack)), None)


def _between(start: datetime, end: datetime) -> float:
    return round((end - start).total_seconds(), 3)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)
