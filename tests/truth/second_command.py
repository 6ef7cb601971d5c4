"""What holds of a command that follows a release in the foreign world, whatever it was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.foreign.course import FIRST
from tests.truth.exit_codes import CODES
from tests.truth.foreign import LATE, every

if TYPE_CHECKING:
    from tests.foreign.driving import Told
    from tests.foreign.generated import Case


def wrong(command: str, case: Case, told: Told, known: int) -> list[str]:
    """Everything that is not as it must be of `command`, in words; `known` deployments had begun before it."""
    if command in ("rollback", "watch"):
        rules = [*every(replace(case, timeout=120, goes_back=True), told), *_code(told)]
    else:
        rules = [*_nothing_but_words(told)]
    if command == "rollback":
        rules += [*_good(told, known)]
    elif told.world.applied():
        rules.append(f"{command} has written")
    if command == "watch":
        rules += [*_watched(told)]
    return rules


def _code(told: Told) -> Iterator[str]:
    if told.results and told.code != CODES[told.status]:
        yield f"`{told.status}` with exit code {told.code}"
    if told.seconds > 2 * 120 + 600 + LATE:
        yield f"it took {told.seconds:.0f} s"


def _nothing_but_words(told: Told) -> Iterator[str]:
    if told.code not in (0, 2, 20, 21, 22, 24, 26):
        yield f"exit code {told.code}: {told.stderr[-300:]}"


def _good(told: Told, known: int) -> Iterator[str]:
    """It goes to one that has completed and was not left since; and what it says to be done is done."""
    course = told.world.course
    begun = [each for each in course.history[known:] if each.by == "us"]
    if len(begun) + len(told.world.applied("StopServiceDeployment")) > 1:
        yield "more than one thing was done"
    left = {each.number for each in course.log if each.what in ("failed", "put back")}
    good = {each.revision for each in course.history[:known] if course.when("completed", each.number)}
    good |= {each.revision for each in course.history if each.number == FIRST}
    good -= {each.revision for each in course.history if each.number in left}
    for each in begun:
        # A revision that was registered anew is a copy of another.
        if each.revision not in good and not told.world.applied("RegisterTaskDefinition"):
            yield f"it went to revision {each.revision}, and good are {sorted(good)}"
    # Somebody may have been faster with the same revision: then ours begins nothing, and theirs is followed.
    done = [course.when("completed", each.number) for each in course.history] + [_put_back(told)]
    since = told.world.calls[0].at
    if told.results and told.status in ("succeeded", "rolled_back") and not any(at and at > since for at in done):
        yield f"`{told.status}`, and nothing has completed"


def _watched(told: Told) -> Iterator[str]:
    """What is told as a success stood there complete, by the last reply that showed the service as it was."""
    primary = told.world.course.primary
    shown = any(each.straight and each.at > primary.changed for each in told.world.made("DescribeServices"))
    if told.results and told.status == "succeeded" and primary.state != "COMPLETED" and shown:
        yield f"`succeeded`, and {primary.id} is {primary.state}"


def _put_back(told: Told) -> float | None:
    return next((each.at for each in told.world.course.log if each.what == "put back"), None)
