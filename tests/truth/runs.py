"""Holds what the client said against what the world knew.

A verdict is right when the world's own record of *our* service deployment bears it out at the instant it is told:

succeeded        the record is SUCCESSFUL; with `--wait-until healthy`, our tasks are healthy; with `traffic`,
                 production's goes to them; with `registered`, no deployment was asked for; one that others have
                 scaled to zero says so, and has had a task that did not fail at once
failed           the service is being deleted, or the deployment has failed and is not being rolled back, or a task died
                 within `--min-stable`; or it is doomed: two tasks have failed, none is healthy, and left alone it never
                 succeeds (unless its image was to get better after just so many), and no good task lives that was
                 started with one that failed; or it was scaled to zero on the way, and nothing but failures came before
stopped          somebody stopped it, and there was nothing to go back to
rolled_back      the record is ROLLBACK_SUCCESSFUL, or the deployment that puts the old revision back is SUCCESSFUL
rollback_failed  the record is ROLLBACK_FAILED, or a rollback of ours has ended otherwise, or could not be sent; one
                 that is under way has had a failed task of its own
superseded       another's deployment began before ours had ended
timed_out        the time since our write is over, and when we last looked the deployment had not ended; a rollback that
                 is told as in progress is
unknown          that time is over, and the last calls were not answered, or not allowed; or a write was not, and has
                 left no trace
interrupted      a signal came while nothing had been concluded
busy             another's deployment was under way when we came
refused          we have started nothing, and the sizing leaves no room, AWS did not answer, or too little time was left
unchanged        we were asked to skip what runs already, and it does
detached         we were asked not to wait

A verdict that came too early would find the world's record open: what is true at the instant it is told was knowable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tests.cli.worlds import OLD
from tests.truth.exit_codes import is_right
from tests.truth.witness import Gone, Json, Known, Write

if TYPE_CHECKING:
    from tests.properties.played import Ran

SLACK = 0.5
"""Seconds: rounding of what the client writes."""
_A_LOOK = 10
"""Seconds that the calls of one look take at most, where each is slow."""
_LAST = 12
"""Among so many calls a record is asked for again that could not be read."""
_SHORTEST_WATCH = 30
"""With fewer seconds left nothing is released; half of a timeout that is shorter than twice as long."""
_STARTS = ("RegisterTaskDefinition", "UpdateService", "UpdateExpressGatewayService", "CreateDeployment")
"""Without them there is no deployment of ours."""
_SHOWN = 2
"""So many tasks, and batches of them, must have failed before one may say that all will."""


def lies(ran: Ran) -> list[str]:
    """Everything in a run that is not as it must be, in words; empty for an honest run."""
    return [*_verdicts(ran), *_writes(ran), *_ending(ran)]


def _verdicts(ran: Ran) -> Iterator[str]:
    """The result repeats what was concluded, perhaps some time before, or is a verdict of its own."""
    concluded = ""
    for said, truth, looked in ran.witness.told:
        status = said["status"] if said["type"] == "result" else said["verdict"]["status"]
        problem = "" if status == concluded or _twins(ran, truth) else _RIGHT[status](ran, said, truth, looked or truth)
        concluded = status
        if problem:
            yield f"{said['type']} `{status}` at {truth.time - ran.began:.1f} s, but {problem}: {truth}"


def _succeeded(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if _was_emptied(ran, truth, looked):
        if truth.in_vain:
            return "it was scaled to zero, and no task of it was ever healthy"
        if said["type"] == "result" and "W-SCALED-TO-ZERO" not in str(said["warnings"]):
            return "it was scaled to zero, which the success does not say"
    match ran.case.asked.wait_until:
        case "registered":
            return "a deployment was started" if truth.status else ""
        case "healthy" if truth.well or (looked.well and not truth.status.startswith("ROLL")):
            return ""
        case "traffic" if truth.shifted or looked.shifted:
            return ""
    if truth.status == "SUCCESSFUL" or (said["type"] == "concluded" and _followed(ran)):
        return ""
    return "our deployment has not succeeded"


def _was_emptied(ran: Ran, truth: Known, looked: Known) -> bool:
    """It was to have tasks, and when it was complete it was to have none: others have scaled it to zero."""
    waits = ran.case.asked.wait_until == "complete" and not _followed(ran)
    return waits and bool(ran.case.asked.wanted) and not truth.desired and not looked.desired


def _twins(ran: Ran, truth: Known) -> bool:
    """Our write was lost, and others deployed our revision again: nobody can tell which of the two is ours."""
    lost = any(write.error for write in ran.witness.writes) and not ran.case.group
    return lost and truth.taken_over_at is not None and "force-new-deployment" in ran.case.text


def _followed(ran: Ran) -> bool:
    """`--skip-unchanged` follows a deployment that another one began."""
    return ran.case.asked.skip_unchanged and not ran.witness.ours


def _failed(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if truth.service != "ACTIVE" or ran.case.asked.min_stable or _followed(ran):
        return ""
    doom = (said.get("verdict") or {}).get("doom")
    if doom:
        return _doomed(ran, truth, looked) or _too_early(doom["rule"], truth)
    if truth.state == "COMPLETED" and _is_emptied(ran) and truth.failures and not truth.well:
        return ""
    if truth.state != "FAILED":
        return "our deployment has not failed"
    return "it is being rolled back" if truth.status.startswith("ROLLBACK_I") else ""


def _doomed(ran: Ran, truth: Known, looked: Known) -> str:
    # One that runs at the moment is about to fail too, unless its image gets better.
    if truth.failures < _SHOWN or (truth.well and ran.case.recovers):
        return "it may still succeed"
    if truth.outlived and looked.outlived:
        return "a task lives on that was started with one that failed"
    chance = ran.case.recovers or _passes_by_chance(ran)
    return "left alone, it succeeded" if not chance and ran.left_alone().status == "SUCCESSFUL" else ""


def _too_early(rule: str, truth: Known) -> str:
    """Whether it may have been the moment: one batch shows nothing, but for as many as ECS's breaker counts."""
    if truth.failures >= truth.suffices:
        return ""
    shown = truth.attempts if rule == "permanent" else truth.whole
    return f"{shown} batches alone have failed" if shown < _SHOWN else ""


def _passes_by_chance(ran: Ran) -> bool:
    """Others scale it to zero later, or tasks without checks live for as long as ECS needs to call them steady."""
    return _is_emptied(ran) or '"after" = 20' in ran.case.text or '"after" = 60' in ran.case.text


def _is_emptied(ran: Ran) -> bool:
    """Others scale it to zero, and it completes without tasks."""
    return '"do" = "scale"' in ran.case.text and '"desired" = 0' in ran.case.text


def _stopped(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if truth.status not in ("STOP_REQUESTED", "STOPPED"):
        return "it was not stopped"
    # Those who took over may be gone again: then it was stopped, and nothing else is to be seen.
    taken = truth.taken_over_at is not None and not _ended_before(truth) and truth.by_others
    return "another deployment stopped it" if taken else ""


def _ended_before(truth: Known) -> bool:
    """A rollback that another deployment cuts off ends, as failed, in the instant in which that one begins."""
    return truth.ended_at is not None and truth.taken_over_at is not None and truth.ended_at < truth.taken_over_at


def _rolled_back(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if truth.status == "ROLLBACK_SUCCESSFUL" or truth.put_back == "SUCCESSFUL" or _followed(ran):
        return ""
    return "no rollback has succeeded"


def _rollback_failed(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if truth.status == "ROLLBACK_FAILED" or _followed(ran):
        return ""
    if truth.status == "ROLLBACK_SUCCESSFUL" or truth.put_back == "SUCCESSFUL":
        # The time was over before the next look.
        unseen = looked.status == "ROLLBACK_IN_PROGRESS" or looked.put_back in ("PENDING", "IN_PROGRESS")
        just = truth.ended_at is not None and truth.time - truth.ended_at < _A_LOOK
        return "" if just or unseen else "the rollback has succeeded"
    if _goes_back(truth):
        return "" if truth.back_failures else "the rollback is under way"
    # What is concluded of a write that stayed lost is its rollback: the truth knows that as a deployment of its own.
    ours = (said.get("rollback") or {}).get("by") == "us" or (said["type"] == "concluded" and truth.put_back)
    return "" if ours else "no rollback has failed"


def _superseded(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if _followed(ran):
        return ""
    if truth.taken_over_at is None:
        return "nobody else has deployed since"
    asked = [call for call in ran.witness.world.calls if call.time <= truth.time]
    unread = any(call.error for call in asked[-_LAST:] if call.operation.endswith("ServiceDeployments"))
    # A stop for no failure looks alike, whoever asked for it.
    told_apart = truth.status != "STOPPED" or truth.state == "FAILED"
    ended = _ended_before(truth) and told_apart and not unread
    return f"ours had ended before ({truth.status})" if ended else ""


def _timed_out(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if _time_left(ran, truth):
        return "there was time left"
    under_way = (said.get("rollback") or {}).get("status") == "in_progress"
    if under_way and not (_goes_back(truth) or _goes_back(looked)):
        return "no rollback is under way"
    if under_way:
        return ""
    return "" if _followed(ran) or looked.ended_at is None else "it had ended when we last looked"


def _goes_back(truth: Known) -> bool:
    """A rollback is under way: our own, or ECS's, which begins with a stop."""
    return truth.put_back in ("PENDING", "IN_PROGRESS") or truth.status in (
        "STOP_REQUESTED",
        "ROLLBACK_REQUESTED",
        "ROLLBACK_IN_PROGRESS",
    )


def _time_left(ran: Ran, truth: Known) -> bool:
    """Our deployment has its own time, from our write on."""
    began = ran.began if truth.began is None else truth.began
    return truth.time - began < ran.case.asked.timeout - SLACK


def _unknown(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    asked = [call for call in ran.witness.world.calls if call.time <= truth.time]
    lost_write = not truth.status and any(call.error for call in asked if call.operation in _STARTS)
    # Whether it stays up is asked for as long as it is to.
    if truth.status and not ran.case.asked.min_stable and _time_left(ran, truth):
        return "there was time left to ask again"
    return "" if lost_write or any(call.error for call in asked[-4:]) else "the last calls were answered"


def _interrupted(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    return "" if ran.witness.world.signals else "no signal came"


def _busy(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    return "" if ran.case.busy and not truth.status else "nobody was at work"


def _refused(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if truth.status:
        return "a deployment was started"
    answered = not any(call.error for call in ran.witness.world.calls[-1:])
    late = truth.time >= _last_moment(ran)
    return "there was no reason to" if answered and not (late or ran.case.no_room) else ""


def _last_moment(ran: Ran) -> float:
    """After it too little time is left to see what becomes of a release."""
    timeout = ran.case.asked.timeout
    return ran.began + timeout - min(_SHORTEST_WATCH, timeout / 2)


def _unchanged(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    if not ran.case.asked.skip_unchanged or truth.status:
        return "nobody asked to skip anything"
    return "" if truth.image == OLD and ran.case.asked.same_image else "it does not run what was asked for"


def _detached(ran: Ran, said: Json, truth: Known, looked: Known) -> str:
    return "" if ran.case.asked.wait_until == "started" else "nobody asked to detach"


_RIGHT: dict[str, Callable[[Ran, Json, Known, Known], str]] = {
    "succeeded": _succeeded,
    "failed": _failed,
    "stopped": _stopped,
    "rolled_back": _rolled_back,
    "rollback_failed": _rollback_failed,
    "superseded": _superseded,
    "timed_out": _timed_out,
    "unknown": _unknown,
    "interrupted": _interrupted,
    "busy": _busy,
    "refused": _refused,
    "unchanged": _unchanged,
    "detached": _detached,
}


def _writes(ran: Ran) -> Iterator[str]:
    """One revision, one deployment and at most one way back; nothing of others is stopped or replaced."""
    witness = ran.witness
    if witness.world.tally.registered > 1:
        yield f"{witness.world.tally.registered} revisions were registered"
    back = ran.case.asked.on_failure == "rollback" or "--on-interrupt" in ran.case.argv
    if len(witness.ours) > 1 + back:
        yield f"{len(witness.ours)} deployments were started"
    first, latest = _first_start(ran), _last_moment(ran) + _A_LOOK + 20 * ran.case.text.count('"delay"')
    if first is not None and first.at > latest:
        yield f"our release was written {first.at - ran.began:.1f} s after we began, with too little time left"
    yield from (f"{each.revision} was deregistered, and {', '.join(each.users)} used it" for each in _needed(ran))
    for number, write in enumerate(witness.writes):
        problem = _of_others(ran, write)
        if problem:
            yield f"write {number}, {write.operation} at {write.at - ran.began:.1f} s: {problem}"


def _needed(ran: Ran) -> Iterator[Gone]:
    return (each for each in ran.witness.gone if each.users)


def _of_others(ran: Ran, write: Write) -> str:
    ours, first = ran.witness.ours, _first_start(ran)
    mine = {ran.witness.id_of(each) for each in ours}
    if first is not None and write is not first and write.started:
        known = mine | first.known | {""}
        if write.replaced not in known and write.looked not in known:
            return f"sent again although others had deployed {write.replaced}"
    if write.stops:
        return "" if ours and write.stops == ran.witness.id_of(ours[0]) else f"{write.stops} is not ours"
    if not write.started or write.started == ran.witness.id_of(ours[0]):
        return ""
    return "" if write.looked in mine else f"{write.looked} stood there, which is not ours"


def _first_start(ran: Ran) -> Write | None:
    return next((each for each in ran.witness.writes if each.starts), None)


def _ending(ran: Ran) -> Iterator[str]:
    """After a rollback that reports success the old image serves, and the last line is the result."""
    if not ran.witness.told or '"type":"result"' not in ran.lines[-1]:
        # A second signal is obeyed at once.
        if len(ran.witness.world.signals) < 2:
            yield f"the last line is no result, exit code {ran.code}: {ran.stderr}"
        return
    truth = ran.witness.told[-1][1]
    if ran.result["exit_code"] != ran.code:
        yield f"the result says {ran.result['exit_code']}, the exit code is {ran.code}"
    status = ran.result["status"]
    if not is_right(status, ran.code, flag_form=ran.case.argv[0] != "deploy"):
        yield f"`{status}` with exit code {ran.code}"
    if (ran.result.get("error") or {}).get("type") == "Bug":
        yield f"a mistake of ours: {ran.result['error']} {ran.stderr}"
    if status == "rolled_back" and truth.taken_over_at is None and not _followed(ran) and not _serves_old(ran, truth):
        yield f"rolled back, but {truth.image} is {truth.rollout}"


def _serves_old(ran: Ran, truth: Known) -> bool:
    return truth.image in ran.case.served_before and truth.rollout == "COMPLETED"
