"""How long things take, in seconds: one named constant each, with what it was measured on or documented by.

Measured: captures of Fargate 1.4.0 in us-east-1, September 2026 (github.com/radkawar/stackd, `testdata/aws/ecs`).
"""

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html: the CLI example shows 1.6 s.
from __future__ import annotations

DEPLOYMENT_STARTS = 1.5
# A superseded service deployment ended this long after the new one existed (kayac/ecspresso #899).
SUPERSEDED_ENDS = 0.3
# `Service.currentServiceDeployment` is absent from the reply of UpdateService and attached seconds later (measured).
DEPLOYMENT_ATTACHED = 3.0

# Measured: scheduler actions were 8.6-9.5 apart, the first one about 5 after a change.
TICK = 9.0
AFTER_CHANGE = 5.0
# Measured: 6.8-8.5 from RUNNING to `deployment completed`.
AFTER_PROGRESS = 7.0
# Two events of one decision carried times a millisecond apart (measured).
SAME_MOMENT = 0.001

# Measured on Fargate: network interface 3.9-5.1, pull 11.1-11.4 after creation, start of the container 0.5-0.7.
FARGATE_CONNECTED = 4.0
FARGATE_PULLS = 11.0
EC2_PULLS = 14.5
CONTAINER_STARTS = 0.6
# Measured: processes that exit at once were gone 1.4-2.0 after the stop, the task STOPPED after 25.3-25.9, or 16.4
# where it had never pulled.
PROCESS_EXITS = 2.0
FARGATE_STOPS = 25.0
FARGATE_STOPS_UNPULLED = 16.0
EC2_STOPS = 3.0
# `timed out after waiting 1m`: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
NEVER_STARTS = 60.0

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html: a task without any check counts
# as healthy 40 s after RUNNING. It gates stopping old tasks, not completion (measured: 7 s at minimumHealthyPercent 0).
HEALTHY_UNCHECKED = 40.0
# Observed: the event `registered 1 targets` came 40 s after the task was started, so 19 s after RUNNING.
TARGET_REGISTERS = 19.0
# Observed: `deregistered 1 targets` came 10 s after `has stopped 1 running tasks`.
TARGET_DEREGISTERS = 10.0

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html documents the cap of 27
# minutes and that tasks which never reached RUNNING lengthen the gap; the steps on the way are our choice.
START_FAILURE_GAPS = (30.0, 30.0, 300.0, 600.0, 1200.0, 1620.0)
# The gap at which `is unable to consistently start tasks successfully` is said.
THROTTLED_GAP = 300.0
# Observed: a rollback began 21 s after the alarm.
ALARM_POLL = 20.0
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html has ECS compute a bake time
# of less than five minutes from the alarms; this value is our choice.
ALARM_BAKE = 240.0

# How long a stage without work of its own takes, and a change of weights at a load balancer: our choice.
STAGE_TAKES = 2.0
SHIFT_TAKES = 5.0
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html: a Network Load Balancer
# takes ten minutes more for each shift.
NLB_SHIFT_TAKES = 600.0
# How long a hook's function takes to answer: our choice. It is asked again after the documented 30 s:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
HOOK_ANSWERS = 1.0
HOOK_ASKS_AGAIN = 30.0
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html: a stage may take
# 24 hours, a deployment 30 days.
STAGE_LIMIT = 24 * 3600.0
DEPLOYMENT_LIMIT = 30 * 24 * 3600.0
# How soon a service that found no room for a task looks again: our choice.
PLACEMENT_RETRY = 30.0
# How soon a service looks again whose launches were throttled: our choice.
LAUNCH_RETRY = 1.0
# Equal events at most every 6 h: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
EVENT_REPEATS = 21600.0
