"""How long things take, in seconds.

Each constant says what it rests on: a measurement or a page of AWS.

Measured: captures of Fargate 1.4.0 in us-east-1, September 2026 (github.com/radkawar/stackd, `testdata/aws/ecs`).
"""

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html: the CLI example shows 1.6 s.
from __future__ import annotations

DEPLOYMENT_STARTS = 1.5
# How long after the new deployment a superseded one ended (kayac/ecspresso #899).
SUPERSEDED_ENDS = 0.3
# The reply of UpdateService has no `Service.currentServiceDeployment`. Later replies have it (measured).
DEPLOYMENT_ATTACHED = 3.0

# Measured: the scheduler acted every 8.6-9.5, and for the first time about 5 after a change.
TICK = 9.0
AFTER_CHANGE = 5.0
# Measured: 6.8-8.5 from RUNNING to `deployment completed`.
AFTER_PROGRESS = 7.0
# The times of two events of one decision were a millisecond apart (measured).
SAME_MOMENT = 0.001

# Measured on Fargate: network interface 3.9-5.1, pull 11.1-11.4 after creation, start of the container 0.5-0.7.
FARGATE_CONNECTED = 4.0
FARGATE_PULLS = 11.0
EC2_PULLS = 14.5
CONTAINER_STARTS = 0.6
# Measured: processes that exit at once had ended 1.4-2.0 after the stop. Their task was STOPPED after 25.3-25.9, or
# after 16.4 if it had never pulled an image.
PROCESS_EXITS = 2.0
FARGATE_STOPS = 25.0
FARGATE_STOPS_UNPULLED = 16.0
EC2_STOPS = 3.0
# `timed out after waiting 1m`: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
NEVER_STARTS = 60.0

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html: a task without any check counts
# as healthy 40 s after RUNNING. ECS waits for this before it stops old tasks, and not before it completes (measured:
# 7 s at minimumHealthyPercent 0).
HEALTHY_UNCHECKED = 40.0
# Observed: the event `registered 1 targets` came 40 s after the task was started, so 19 s after RUNNING.
TARGET_REGISTERS = 19.0
# Observed: `deregistered 1 targets` came 10 s after `has stopped 1 running tasks`.
TARGET_DEREGISTERS = 10.0

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html documents the cap of 27
# minutes, and that each launch that never reached RUNNING makes the gap longer. The steps up to the cap are our choice.
START_FAILURE_GAPS = (30.0, 30.0, 300.0, 600.0, 1200.0, 1620.0)
# The gap at which `is unable to consistently start tasks successfully` is said.
THROTTLED_GAP = 300.0
# Observed: a rollback began 21 s after the alarm.
ALARM_POLL = 20.0
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html has ECS compute a bake time
# of less than five minutes from the alarms; this value is our choice.
ALARM_BAKE = 240.0

# How long a stage takes that has no work, and how long a load balancer takes to change weights: our choice.
STAGE_TAKES = 2.0
SHIFT_TAKES = 5.0
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html: a Network Load Balancer
# takes ten minutes more for each shift.
NLB_SHIFT_TAKES = 600.0
# How long the function of a hook takes to answer: our choice. ECS asks it again after 30 s, as documented:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
HOOK_ANSWERS = 1.0
HOOK_ASKS_AGAIN = 30.0
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html: a stage may take
# 24 hours, a deployment 30 days.
STAGE_LIMIT = 24 * 3600.0
DEPLOYMENT_LIMIT = 30 * 24 * 3600.0
# How soon the scheduler tries again when there was no capacity for a task: our choice.
PLACEMENT_RETRY = 30.0
# How soon the scheduler tries again when launches were throttled: our choice.
LAUNCH_RETRY = 1.0
# ECS repeats an event after 6 h at the earliest: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
EVENT_REPEATS = 21600.0
