"""Two runs that differ in their secrets alone print the same, in every output."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.worlds import NEW, OLD, REPOSITORY, WEB, a_world, behaves, fault, play, service, surroundings

ONE, OTHER = "cAnary-1a2b3c", "hunter-9z8y7x6w5v"
KEY_ID = "AKIAHUNTERHUNTER0001"


def definition(secret: str) -> dict[str, object]:
    return {
        "family": "web",
        "tags": [{"key": "password", "value": secret}],
        "containerDefinitions": [
            {
                "name": "app",
                "image": OLD,
                "memory": 128,
                "environment": [
                    {"name": "DB_PASSWORD", "value": secret},
                    {"name": "DATABASE_URL", "value": f"postgres://app:{secret}@db.example.com/web"},
                ],
                "command": ["serve", "--token", secret],
                "dockerLabels": {"api-key": secret},
                "healthCheck": {"command": ["CMD-SHELL", f"curl -H 'x-api-key: {secret}' localhost || exit 1"]},
                "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": secret}},
            },
            {
                "name": "side",
                "image": f"bob:{secret}@registry.example.com/infra/side:1",
                "memory": 128,
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": "/ecs/web",
                        "awslogs-region": "us-east-1",
                        "awslogs-stream-prefix": "side",
                    },
                },
            },
        ],
    }


def logs(secret: str) -> list[str]:
    return [
        f"connecting with {secret}",
        f'{{"log": "{{\\"password\\": \\"{secret}\\"}}"}}',
        f"Authorization: Bearer {secret}",
        f"https://bob:{secret}@api.example.com/v1?token={secret}",
    ]


def world_parts(secret: str, ending: str) -> tuple[str, ...]:
    web = service(launch_type="EC2", task_definition=definition(secret), deployment={"circuit_breaker": "stop"})
    match ending:
        case "crash":
            return web, behaves(NEW, run="exit", exit_code=1, after=4, logs=logs(secret))
        case "unhealthy":
            return web, behaves(NEW, run="unhealthy", logs=logs(secret))
        case "start":
            return web, behaves(
                NEW, pull="denied", reason=f"CannotPullContainerError: {secret} password={secret}: denied"
            )
        case "refused":
            return web, fault(operation="UpdateService", error="AccessDeniedException", times=0)
        case _:
            return (web,)


def shown(secret: str, ending: str, words: tuple[str, ...], folder: Path) -> str:
    folder.mkdir()
    keys = ("-k", KEY_ID, "-s", f"{secret}{secret}{secret}", "--external-id", secret)
    role = ("--assume-role", "arn:aws:iam::123456789012:role/x", "--external-id", secret)
    given = (*role, "--endpoint-url", f"https://bob:{secret}@127.0.0.1:4714/?ticket={secret}")
    command = words[0] in ("deploy", "status", "plan")
    job = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_OUTPUT": str(folder / "output")}
    around = surroundings(folder, {"CI_JOB_TOKEN": secret, "GITHUB_ACTIONS": "true", **job})
    world = a_world(*world_parts(secret, ending))
    if words[0] == "status":
        play(world, ("deploy", *WEB, "--image", NEW, "--timeout", "300"))
    log = ("--debug-file", "log.txt", *(() if words[0] == "status" else ("--junit", "release.xml")))
    run = play(world, (*words, *(given if command else keys), *log), replace(around, simulated=False))
    written = ("log.txt", "summary.md", "output", "release.xml")
    files = [(folder / name).read_text() for name in written if (folder / name).exists()]
    told = "\n".join((str(run.code), run.stdout, run.stderr, *map(str, run.events), *files))
    # How long a call took is the machine's own time, and ids are drawn anew.
    return re.sub(r"\d\.\d{3} s |request id [\w-]+|ecs_deploy_\w+", "", told)


@pytest.mark.parametrize("ending", ["good", "crash", "unhealthy", "start", "refused"])
@pytest.mark.parametrize(
    "words",
    [
        (*WEB, "-i", NEW, "-t", "300", "-v"),
        ("deploy", *WEB, "--image", NEW, "--timeout", "300", "--color", "always"),
        ("deploy", *WEB, "--image", NEW, "--timeout", "300", "--output", "json"),
        ("plan", *WEB, "--image", NEW),
        ("status", *WEB),
        ("status", *WEB, "--output", "json"),
    ],
    ids=lambda words: f"{words[0]} {words[-1]}",
)
def test_s01_s03_runs_that_differ_in_secrets_alone_print_the_same(
    ending: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    one, other = (shown(secret, ending, words, tmp_path / secret) for secret in (ONE, OTHER))
    assert ONE not in one
    assert OTHER not in other
    assert one.replace(ONE, "") == other.replace(OTHER, "")
    assert REPOSITORY in one


def called_after_secrets(family: str) -> dict[str, object]:
    """What only says something of a secret, beside names that end like one."""
    environment = {
        "AUTH_IMAGE": f"acme/{family}:main-1a2b3c4",
        "TOKEN_REGION": "eu-central-1",
        "TOKEN_ACCOUNT": "123456789012",
        "AUTH_MODE": "container",
        "SECRET_SERVICE": family,
        "TOKEN_CLUSTER": "prod-east-1",
        "API_KEY": "prod-east-1",
    }
    return {
        "family": family,
        "containerDefinitions": [
            {
                "name": "password-1",
                "image": f"acme/{family}:main-0a1b2c3",
                "memory": 128,
                "environment": [{"name": name, "value": value} for name, value in environment.items()],
            }
        ],
    }


@pytest.mark.parametrize("output", ["lines", "json"])
@pytest.mark.parametrize("words", ["deploy", "plan", "status", "overview"])
def test_s01_no_name_that_reads_like_a_secret_is_mutilated(words: str, output: str, tmp_path: Path) -> None:
    family, service_too = "auth-token-2", () if words == "overview" else ("-n", "auth-token-2")
    image = f"acme/{family}:main-1a2b3c4"
    definition = called_after_secrets(family)
    web = service(cluster="prod-east-1", name=family, launch_type="EC2", task_definition=definition)
    crashes = behaves(image, run="exit", exit_code=1, after=4, logs=["container of acme/auth-token-2 ended"])
    around = surroundings(tmp_path, {"AUTH_SERVICE": family, "CI_TOKEN": "prod-east-1", "NPM_TOKEN": family})
    given = ("--image", image) if words in ("deploy", "plan") else ()
    command = words.replace("overview", "status"), "-c", "prod-east-1", *service_too, "--output", output, *given
    run = play(a_world(web, crashes), command, replace(around, simulated=False))
    assert (run.code != 0) is (words == "deploy")
    assert family in run.said
    assert "***" not in run.said


def with_secrets_in_plain_members(secret: str, user: str) -> dict[str, object]:
    return {
        "family": "web",
        "containerDefinitions": [
            {
                "name": "app",
                "image": f"bob:{secret}@{OLD}",
                "memory": 128,
                "user": user,
                "workingDirectory": f"/srv/{secret}",
                "environment": [{"name": "DB_PASSWORD", "value": secret}],
            },
            {"name": user, "image": f"bob:{secret}@registry.example.com/infra/side:1", "memory": 128},
        ],
    }


@pytest.mark.parametrize("output", ["lines", "json"])
@pytest.mark.parametrize("shown", [False, True])
def test_s03_a_plan_shows_no_secret_in_a_member_that_should_hold_none(
    output: str, tmp_path: Path, *, shown: bool
) -> None:
    (tmp_path / "new.json").write_text(json.dumps(with_secrets_in_plain_members(ONE, "app2")))
    web = service(launch_type="EC2", task_definition=with_secrets_in_plain_members(OTHER, "app1"))
    asked = ("--show-values",) if shown else ()
    words = ("plan", *WEB, "--base", "new.json", "--image", f"app={NEW}", "--output", output, *asked)
    run = play(a_world(web), words, surroundings(tmp_path))
    assert run.code == 0
    assert all(member in run.said for member in ("image", "user", "workingDirectory", "app2"))
    assert (ONE in run.said) is (OTHER in run.said) is shown
