"""What holds of every run against the foreign world, whatever it was told.

verdicts  a success has completed; a failure has not; nobody is blamed who was not there; the exit code agrees; there
          is one result, and it comes within a minute of the deadline
writes    one revision, one deployment, one way back if one was asked for, to what served before; nothing of others is
          replaced or stopped, and nothing at all where the run was refused
kinds     a service whose task sets others make is left alone; one task on each instance takes no count; tasks that
          nobody checks are never told as checked
secrets   no value that may be a secret is told; the same run with other secrets asks for the same, and says it
"""

from collections.abc import Callable, Iterator

from tests.foreign.course import FIRST, NOON, Rollout
from tests.foreign.driving import CANARY, Told, with_other_secrets
from tests.foreign.endpoint import Call
from tests.foreign.generated import Case
from tests.truth.exit_codes import CODES

LATE = 60.0
"""Seconds after a deadline until when the result must have come."""
A_LOOK = 45.0
"""Seconds within which what has happened is seen where nothing stands in the way."""
AFTERWARDS = 2 * 3600.0
_CHANGES = ("Create", "Delete", "Deregister", "Put", "Run", "Start", "Tag", "Untag", "Continue")


def faults(case: Case, told: Told) -> list[str]:
    """Everything that is not as it must be of a release, in words."""
    rules = (_in_time, _true, _few_writes, _own_writes, _left_alone)
    held = [f"{rule.__name__.strip('_')}: {words}" for rule in rules for words in rule(case, told)]
    return [*every(case, told), *held]


def every(case: Case, told: Told) -> list[str]:
    """What holds of whatever command has a result."""
    rules = (_one_result, _right_code, _no_mistake, _of_its_kind, _secrets)
    return [f"{rule.__name__.strip('_')}: {words}" for rule in rules for words in rule(case, told)]


def untrue(case: Case, told: Told) -> list[str]:
    """What the status says that is not so."""
    return [*_true(case, told)]


def discreet(told: Told) -> list[str]:
    """What is not as it must be of the same run with other secrets."""
    try:
        return [] if with_other_secrets(told) == told.said else ["other secrets: it says something else"]
    except AssertionError as error:
        return [f"other secrets: {error}"]


def _one_result(case: Case, told: Told) -> Iterator[str]:
    if len(told.results) != 1 or told.lines[-1]["type"] != "result":
        yield f"{len(told.results)} results, exit code {told.code}: {told.stderr[-400:]}"


def _right_code(case: Case, told: Told) -> Iterator[str]:
    if not told.results:
        return
    right = CODES[told.status]
    if told.result["exit_code"] != told.code or told.code != right:
        yield f"`{told.status}` with {told.result['exit_code']} in the result and exit code {told.code}, not {right}"


def _in_time(case: Case, told: Told) -> Iterator[str]:
    """Before the write and after it the time is the one given; a way back has its own, which a slow drain prolongs."""
    updates = [each.at - NOON for each in told.world.made("UpdateService", "StopServiceDeployment")]
    limit = max([0.0, *updates]) + case.timeout + LATE
    if case.goes_back and any(each.by == "us" for each in told.world.course.history):
        limit += max(case.timeout, 600)
    if told.seconds > limit:
        yield f"it took {told.seconds:.0f} s, more than {limit:.0f} s"


def _no_mistake(case: Case, told: Told) -> Iterator[str]:
    if told.code == 1 or "bug in ecs-deploy" in told.said or "Traceback" in told.said:
        yield f"a mistake of ours: {told.stderr[-400:]}"


def _true(case: Case, told: Told) -> Iterator[str]:
    rule = _TRUE.get(told.status) if told.results else None
    wrong = rule(case, told) if rule else ""
    if wrong:
        yield f"`{told.status}`, but {wrong}"


def _ours(told: Told) -> list[Rollout]:
    return [each for each in told.world.course.history if each.by == "us"]


def _completed(told: Told) -> float | None:
    """When our release completed."""
    ours = _ours(told)
    return told.world.course.when("completed", ours[0].number) if ours else None


def _seen_since(told: Told, instant: float, before: float = 1e18) -> bool:
    """A plain reply since then has shown the service as it is."""
    return any(each.straight and instant < each.at < before for each in told.world.made("DescribeServices"))


def _succeeded(case: Case, told: Told) -> str:
    ours = _ours(told)
    if not ours:
        return "nothing of ours was begun"
    return "" if _completed(told) is not None else f"our deployment is {ours[0].state} ({ours[0].record})"


def _failed(case: Case, told: Told) -> str:
    """What ECS has not ended must be as hopeless as where its circuit breaker ends it, or never succeed."""
    course, ours, completed = told.world.course, _ours(told), _completed(told)
    gone = course.when("gone", course.primary.number)
    if completed is not None and (gone is None or _seen_since(told, completed, gone)):
        return "" if _emptied_in_vain(case) else "it has completed"
    if not ours:
        return "nothing of ours was begun"
    if gone is not None or ours[0].state == "FAILED" or ours[0].record == "STOPPED":
        return ""
    given_up = ours[0].failed >= course.threshold and all(each.dies for each in ours[0].running)
    if given_up or any(act.at + NOON > course.now for act in case.acts):
        return ""
    course.pass_by(AFTERWARDS)
    return "left alone it completed" if _completed(told) is not None else ""


def _emptied_in_vain(case: Case) -> bool:
    """It completed as no task was wanted any more, and no task of it could have been healthy before."""
    return case.fate.bad >= case.shape.desired and any(act.what == "scale" and not act.desired for act in case.acts)


def _rolled_back(case: Case, told: Told) -> str:
    course, ours = told.world.course, _ours(told)
    back = [course.when("put back", each.number) for each in ours[:1]]
    back += [course.when("completed", each.number) for each in course.history[1:] if each.revision == 1]
    return "" if any(back) else "nothing has been put back"


def _rollback_failed(case: Case, told: Told) -> str:
    course, ours = told.world.course, _ours(told)
    tried = len(told.world.made("UpdateService")) > 1 or told.world.made("StopServiceDeployment")
    if not tried and not any(each.goes_to for each in ours):
        return "no way back was tried"
    done = [course.when("put back", ours[0].number), *(course.when("completed", each.number) for each in ours[1:])]
    return "it was put back" if any(each is not None and _seen_since(told, each) for each in done) else ""


def _superseded(case: Case, told: Told) -> str:
    ours, others = _ours(told), [each for each in told.world.course.history if each.by == "others"][1:]
    after = [each for each in others if ours and each.began > ours[0].began]
    if not after:
        return "nobody else has deployed since"
    completed = _completed(told)
    shown = completed is not None and completed < after[0].began and _seen_since(told, completed, after[0].began)
    return "ours had completed before, and that was shown" if shown else ""


def _timed_out(case: Case, told: Told) -> str:
    if told.seconds < case.timeout - 1:
        return "there was time left"
    completed = _completed(told)
    return "it had completed, and that was shown" if completed is not None and _seen_since(told, completed) else ""


def _unknown(case: Case, told: Told) -> str:
    completed = _completed(told)
    if completed is not None and _seen_since(told, completed):
        return "it had completed, and that was shown"
    return "all was answered plainly" if not case.bends else ""


def _stopped(case: Case, told: Told) -> str:
    ours = _ours(told)
    if _completed(told) is not None:
        return "it has completed"
    return "" if ours and ours[0].record != "IN_PROGRESS" else "nobody has stopped it"


def _refused(case: Case, told: Told) -> str:
    return "a deployment of ours was begun" if _ours(told) else ""


def _busy(case: Case, told: Told) -> str:
    if _ours(told):
        return "a deployment of ours was begun"
    return "" if len(told.world.course.history) > 1 else "nobody was at work"


_TRUE: dict[str, Callable[[Case, Told], str]] = {
    "succeeded": _succeeded,
    "failed": _failed,
    "rolled_back": _rolled_back,
    "rollback_failed": _rollback_failed,
    "superseded": _superseded,
    "timed_out": _timed_out,
    "unknown": _unknown,
    "stopped": _stopped,
    "refused": _refused,
    "busy": _busy,
}


def _few_writes(case: Case, told: Told) -> Iterator[str]:
    world = told.world
    registered, begun = world.applied("RegisterTaskDefinition"), _ours(told)
    if len(registered) > 1:
        yield f"{len(registered)} revisions were registered"
    # A lost write may be sent again once where nothing has come of it: the same revision twice begins nothing.
    if len(begun) > 1 + case.goes_back or len(world.applied("UpdateService")) > 2 * (1 + case.goes_back):
        yield f"{len(begun)} deployments were begun by {len(world.applied('UpdateService'))} updates"
    if told.results and told.status in ("refused", "busy") and world.applied("UpdateService", "StopServiceDeployment"):
        yield f"`{told.status}`, and the service was changed"
    for each in world.calls:
        if each.operation.startswith(_CHANGES):
            yield f"{each.operation} was called"


def _own_writes(case: Case, told: Told) -> Iterator[str]:
    ours = {each.number: each for each in _ours(told)}
    for call in told.world.made("UpdateService")[1:]:
        back = str(call.request.get("taskDefinition", "")).endswith(":1")
        if back and not case.goes_back:
            yield "it was put back though nobody asked for that"
        if not back and not str(call.request.get("taskDefinition", ":2")).endswith(":2"):
            yield f"it was moved to {call.request}"
        if back:
            yield from _back_over(told, call, ours)
    for call in told.world.applied("StopServiceDeployment"):
        if not any(str(call.request["serviceDeploymentArn"]).endswith(str(number)) for number in ours):
            yield f"{call.request} is not ours"


def _back_over(told: Told, call: Call, ours: dict[int, Rollout]) -> Iterator[str]:
    """A way back is sent over our own deployment, as long as the last look could tell."""
    course = told.world.course
    over = next(each for each in course.history if each.number == call.stood)
    if over.number not in ours and over.number != FIRST and _seen_since(told, over.began, call.at):
        yield f"{over.id} of others was replaced"
    done = course.when("completed", over.number) if over.number in ours else None
    # What completed only because nothing was wanted of it any more may have failed before.
    kept = done is not None and course.desired > 0 and _seen_since(told, done, call.at)
    if kept and over is next(iter(ours.values())):
        yield "a release that had completed was undone"


def _of_its_kind(case: Case, told: Told) -> Iterator[str]:
    if case.external:
        yield from (f"{each.operation}, where others make the task sets" for each in told.world.applied())
    for call in told.world.made("UpdateService") if case.shape.daemon else ():
        if "desiredCount" in call.request:
            yield "a count was asked for of one task on each instance"
    if not case.front and any(each.get("checked") for each in told.lines):
        yield "tasks that nobody checks are told as checked"


def _left_alone(case: Case, told: Told) -> Iterator[str]:
    if case.external and told.results and told.status != "refused":
        yield f"`{told.status}` of a service whose task sets others make"


def _secrets(case: Case, told: Told) -> Iterator[str]:
    found = sorted({told.said[at : at + 24] for at in _places(told.said)})
    if found:
        yield f"secrets are told: {found}"


def _places(said: str) -> Iterator[int]:
    at = said.find(CANARY)
    while at >= 0:
        yield at
        at = said.find(CANARY, at + 1)
