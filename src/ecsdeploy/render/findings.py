"""All wording about findings: what a run warns of, and what a check before it found."""

from __future__ import annotations

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks import is_note, sentence, todo

FINDINGS = {
    "W-APPSPEC-NOT-KEPT": "The AppSpec of the last release {0}, and the hooks it may have, are not used again: {1}.",
    "W-ASKED-AGAIN": "AWS has given no usable answer for {0} s, and is asked again: {1}.",
    "W-ATTACHED": "The same content is being deployed already: following {0}.",
    "W-AWAITING": "Waiting for a deployment of {0} to begin, for {1} s at most.",
    "W-AWAITING-SERVICE": "Waiting for the service to be created, for {0} s at most: {1}",
    "W-AWAITING-SINCE": "Waiting for a deployment to begin, for {0} s at most: none has since {1}.",
    "W-ENDED-ALREADY": "The deployment {0} had ended before this watch began: {1}, {2}.",
    "W-EXPRESS-DIFFERS": "The revision {0} that ECS made is not as it was asked for. It differs in: {1}.",
    "W-EVENTS-LOST": "ECS shows only its newest {0} events, and all of them are new: we may have missed older ones.",
    "W-GOES-BACK": "ECS is already rolling back {0}; we sent nothing.",
    "W-IGNORED-OPTION": "Options without effect here: {all}.",
    "W-LOG-ELSEWHERE": "What a container of the task writes is not shown: {0}.",
    "W-MOVED-ON": "Another deployment began after this one, and the service has moved on to it: {0} of {1}.",
    "W-NEWER-REVISION": "There is a newer revision than the one in use, and it is not used: {all}.",
    "W-NO-ROLLBACK-TARGET": "There is no earlier revision to roll back to.",
    "W-CAPACITY-LOST": "The AppSpec of the last release {0}, in YAML, has no CapacityProviderStrategy: the service"
    " loses its own. Give `--appspec` a file that has one.",
    "W-NOTHING-TO-STOP": "The deployment of {0} is not moving any more, so it was not stopped.",
    "W-NOT-OURS": "Nothing was rolled back: the deployment {0} of {1} is not ours.",
    "W-NOT-PRUNED": "Old revisions of {0} were not all deregistered: {1}.",
    "W-OVERSLEPT": "This machine was asleep, or this process was stopped, for {0} s; the time limit went on.",
    "W-NO-TEST-TRAFFIC": "No load balancer of the service {0} has a `testListenerRule`: there is no test traffic, and"
    " `ECS_DEPLOY_TEST_URL` is empty.",
    "W-PAUSE-LEFT": "The pause that was added to the service {0} was not taken away: {1}.",
    "W-PAUSE-OVER": "The pause {0} had ended before it was answered; its action after a time-out is {1}.",
    "W-PAUSE-UNANSWERED": "The pause {0} could not be answered, and may still wait: {1}",
    "W-TEST-RULE-ASKS-MORE": "The rule of the test traffic of {0} asks more of a request than an address says: {1}.",
    "W-TEST-URL-UNREAD": "The address of the test traffic of {0} could not be read, and `ECS_DEPLOY_TEST_URL` is empty:"
    " {1}",
    "W-PRUNED-IN-PART": "Of the old revisions of {0}, {1} stay until the next releases: ECS limits how fast they go.",
    "W-OTHER-FAMILY": "The file is for the family {0}, not for {1}: the new revision belongs to {0}.",
    "W-TAGS-DENIED": "The new revision is not tagged, as `ecs:TagResource` is not allowed: {all}.",
    "W-TAG-NO-IMAGE": "The images of {all} are not image references, and stay as they are.",
    "W-USERS-UNKNOWN": "No old revision of {0} was deregistered, because we could not find out who uses them: {1}.",
    "W-REGISTRY-CHANGES": "The image of container {0} moves to another registry: {1} → {2}.",
    "W-REVISION-COPIED": "The revision {0} is no longer active; a copy of it was registered: {1}.",
    "W-ROLLBACK-LOST": "The rollback may have been sent: {0}.",
    "W-ROLLBACK-NOT-SENT": "The rollback could not be asked for: {0}.",
    "W-SCALED-TO-ZERO": "The service {0} is scaled to zero: no task will try the new image.",
    "W-SECRETS-IN-ARGV": "Other processes can see keys on the command line; use a profile or the environment.",
    "W-SIZING-NOT-RESTORED": "The desired count or the deployment configuration of {0} was not put back: {1}.",
    "W-SUPERSEDES": "Another deployment was running and is superseded by ours: {0} of {1}.",
    "W-SUPERSEDES-HOPELESS": "The deployment that was running cannot succeed any more, and is superseded by ours:"
    " {0} of {1}: {2}.",
    "W-TAG-PINNED": "Images pinned by digest stay as they are, since a tag cannot replace a digest: {all}.",
    "W-TASK-NOT-STOPPED": "The task {0} may go on, as it could not be stopped: {1}",
    "W-TASKS-FAILED": "{0} of this release failed before it succeeded: {1} ({2}).",
    "W-UNREADABLE": "Followed with less detail: {0}.",
    "W-UNREADABLE-BASELINE": "The previous revision could not be read, so nothing is compared with it: {all}.",
    "W-UNREADABLE-LOGS": "The containers' logs could not be read: {all}.",
    "W-UNREADABLE-TARGETS": "The load balancer's targets could not be read: {all}.",
    "W-UNREADABLE-TASKS": "The stopped tasks could not be read: {all}.",
    "W-WAITING-FOR": "Waiting for the deployment that is running: {0} of {1}.",
}


def advice(found: Finding) -> str:
    """The sentence about a finding, and what to do about it."""
    return f"{finding(found)} {todo(found)}".rstrip()


def gravity(found: Finding) -> str:
    """`refused`, `warning` or `note`."""
    if found.blocking:
        return "refused"
    return "note" if is_note(found) else "warning"


def finding(found: Finding) -> str:
    """One sentence about a finding. A code that we do not know is shown with what it is about."""
    if found.code.startswith("C-"):
        return sentence(found)
    subjects = [each.removesuffix(".") for each in found.subjects]
    about = ", ".join(subjects)
    try:
        return FINDINGS[found.code].format(*subjects, all=about or "unnamed")
    except (KeyError, IndexError):
        return f"{found.code}: {about}." if about else f"{found.code}."


def asked_again(seconds: float, error: Exception) -> str:
    return finding(Finding(code="W-ASKED-AGAIN", subjects=(f"{seconds:.0f}", str(error))))
