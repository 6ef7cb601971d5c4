"""Causes that end a deployment whatever its tasks do, as ECS says in its reason or its events.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.known_cause import GUIDE, KnownCause, Permanence, pattern

_BLUE_GREEN = f"{GUIDE}troubleshooting-blue-green.html"
_HOOKS = f"{GUIDE}deployment-lifecycle-hooks.html"
_BECAUSE = "Service deployment rolled back because "
_LAMBDA = "arn:aws:lambda:us-west-2:111122223333:function:check"

DEPLOYING = (
    KnownCause(
        code="E-SERVICE-DELETED",
        meaning="the service was deleted while it was being deployed",
        remedy="Find who deleted it; create the service anew, then deploy.",
        permanence=Permanence.PERMANENT,
        because="a service that is deleted takes no deployment any more",
        link="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html",
        patterns=(
            # ECS shows it in the status alone: the sentences are our own.
            pattern(
                "^The service .*(?:is being|has been) deleted",
                "The service web is being deleted: its status is DRAINING.",
            ),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-ALARM",
        meaning="a CloudWatch alarm of the deployment went off",
        remedy="See why the alarm went off; the service's deployment configuration names it.",
        permanence=Permanence.UNCLEAR,
        because="an alarm is somebody's own measure of what is wrong",
        link=f"{GUIDE}deployment-alarm-failure.html",
        patterns=(
            pattern(
                "deployment failed: alarm detected|because of one or more active alarms",
                "(service web) (deployment ecs-svc/1) deployment failed: alarm detected.",
            ),
            # https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
            pattern("\\(ALARM_ACTIVE\\)", "The deployment was stopped because an alarm is active. (ALARM_ACTIVE)"),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-INFRASTRUCTURE-ROLE",
        meaning="ECS may not manage the load balancer: a permission is missing on the infrastructure role",
        remedy="Attach `AmazonECSInfrastructureRolePolicyForLoadBalancers` to that role, and let `ecs.amazonaws.com` "
        "assume it.",
        permanence=Permanence.PERMANENT,
        because="a missing permission stays missing until somebody grants it",
        link=f"{_BLUE_GREEN}#troubleshooting-blue-green-permissions",
        patterns=(
            pattern(
                "missing permissions on ECS Infrastructure Role|not authorized to perform: elasticloadbalancing:"
                "|IAM permissions policies.*misconfigured|trust relationship has been misconfigured",
                f"{_BECAUSE}of invalid networking configuration. ECS was unable to manage the ELB resources due to "
                "missing permissions on ECS Infrastructure Role 'arn:aws:iam::111122223333:role/infrastructure'.",
            ),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-LISTENER-CONFIGURATION",
        meaning="the listener rules do not fit the service's target groups",
        remedy="Let the production rule lead to one of the service's two target groups alone, and the test rule (if "
        "there is one) to the other.",
        permanence=Permanence.PERMANENT,
        because="listener rules stay as they are until somebody changes them",
        link=f"{_BLUE_GREEN}#troubleshooting-blue-green-listener-rules",
        patterns=(
            pattern(
                "invalid networking configuration",
                f"{_BECAUSE}of invalid networking configuration: Target group arn:aws:elasticloadbalancing:us-west-2:"
                "111122223333:targetgroup/green/1 is not associated with either productionListenerRule or "
                "testListenerRule.",
            ),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-HOOK-TIMEOUT",
        meaning="a lifecycle hook of the deployment gave no answer in time",
        remedy="Answer a pause with `ecs-deploy continue`; let a function return its `hookStatus` sooner.",
        permanence=Permanence.UNCLEAR,
        because="an answer may come in time the next time",
        link=_HOOKS,
        patterns=(
            # AWS publishes the event HOOK_TIMED_OUT, not the words of the reason: these are the simulator's.
            pattern("hook(?:\\(s\\))? timed out|HOOK_TIMED_OUT", f"{_BECAUSE}POST_SCALE_UP lifecycle hook timed out."),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-SMOKE-FAILED",
        meaning="the smoke test failed at the pause after test traffic",
        remedy="See what the smoke test wrote; correct the release, or the test.",
        permanence=Permanence.UNCLEAR,
        because="a test may fail by chance, or of what it runs on",
        link=f"{GUIDE}continue-service-deployment.html",
        patterns=(
            # The sentence is our own.
            pattern("^the smoke test `.*` failed", "the smoke test `./smoke.sh` failed: it exited with 1"),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-TAKEN-BACK",
        meaning="the service was released with others, one of which failed, and all of them went back",
        remedy="See why the other service failed; nothing is known to be wrong with this one.",
        permanence=Permanence.UNCLEAR,
        because="it depends on the other service",
        link=f"{GUIDE}stop-service-deployment.html",
        patterns=(
            # The sentence is our own.
            pattern("^the release is taken back, ", "the release is taken back, because `worker` failed"),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-PAUSE-REFUSED",
        meaning="somebody rolled the deployment back at a pause",
        remedy="Ask whoever answered the pause; deploy again once it may go on.",
        permanence=Permanence.UNCLEAR,
        because="people decide, each time anew",
        link=f"{GUIDE}continue-service-deployment.html",
        patterns=(
            # AWS does not publish the words of this reason: these are the simulator's.
            pattern(
                "ContinueServiceDeployment was called with the ROLLBACK action",
                f"{_BECAUSE}PRE_SCALE_UP lifecycle hook(s) failed. ContinueServiceDeployment was called with the "
                "ROLLBACK action.",
            ),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-HOOK-UNUSABLE",
        meaning="ECS could not call a lifecycle hook of the deployment, or got no usable answer",
        remedy="Let the hook's role invoke the function (`lambda:InvokeFunction`), and the function return "
        "`hookStatus` SUCCEEDED, FAILED or IN_PROGRESS.",
        permanence=Permanence.UNCLEAR,
        because="a missing permission stays missing; a function may also have crashed once",
        link=f"{_BLUE_GREEN}#troubleshooting-blue-green-lifecycle-hooks",
        patterns=(
            pattern(
                "unable to (?:parse the response from|invoke hook target)",
                f"{_BECAUSE}TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to parse the response from "
                f"{_LAMBDA} due to HookStatus must not be null",
            ),
        ),
        decisive=True,
    ),
    KnownCause(
        code="E-HOOK-FAILED",
        meaning="a lifecycle hook voted against the deployment",
        remedy="Read the log of the function that the reason names: it returned FAILED.",
        permanence=Permanence.UNCLEAR,
        because="the function decides, each time anew",
        link=f"{_BLUE_GREEN}#troubleshooting-blue-green-lifecycle-hooks",
        patterns=(
            pattern(
                "lifecycle hook\\(s\\) failed",
                f"{_BECAUSE}PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target {_LAMBDA} returned FAILED "
                "status.",
            ),
            # https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
            pattern(
                "\\(HOOK_EXECUTION_FAILURE\\)",
                "The deployment failed because a lifecycle event hook failed. (HOOK_EXECUTION_FAILURE)",
            ),
        ),
        decisive=True,
    ),
)

AT_LAST = (
    KnownCause(
        code="E-TASK-STOPPED",
        meaning="tasks stop",
        remedy="Read the stopped reason of the tasks.",
        permanence=Permanence.UNCLEAR,
        because="the text is not one that is known here",
        link=f"{GUIDE}stopped-task-errors.html",
        patterns=(
            pattern(
                "unable to consistently start tasks|deployment failed: tasks failed to start",
                "(service web) is unable to consistently start tasks successfully.",
            ),
        ),
    ),
    KnownCause(
        code="E-NO-ROLLBACK-TARGET",
        meaning="ECS has no earlier deployment to roll back to",
        remedy="Find why this deployment failed in its tasks and events; deploy one that completes.",
        permanence=Permanence.PERMANENT,
        because="ECS rolls back to a completed deployment only",
        link=f"{GUIDE}deployment-circuit-breaker.html",
        patterns=(pattern("No rollback candidate was found", "No rollback candidate was found to run the rollback."),),
    ),
)
