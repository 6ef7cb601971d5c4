"""`apply`: several services as a manifest says, wave after wave."""

import io
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.model.values import replace
from ecsdeploy.sim import World
from tests.cli import worlds
from tests.cli.test_several import NAMES, running, statuses, three, times_of
from tests.docs.examples import fences
from tests.docs.pages import ROOT

MANIFEST = """
on-failure = "rollback"

[defaults]
cluster = "prod"
timeout = "20m"

[groups.app]
services = ["web", "worker", "cron"]
image = "team/app:${VERSION}"

[services.web]
tags = { team = "shop" }

[services.worker]
depends-on = ["web"]
env = { LEVEL = "debug" }

[services.cron]

[[waves]]
name = "first"
services = ["cron"]
soak = "5m"

[[waves]]
percent = 100
"""
WRITES = {"RegisterTaskDefinition", "UpdateService"}


def applied(
    world: World, *words: str, manifest: str = MANIFEST, version: str = "2"
) -> tuple[worlds.Played, list[dict[str, Any]]]:
    around = replace(worlds.surroundings(), stdin=io.StringIO(manifest))
    played = worlds.play(world, ("apply", "-", "--var", f"VERSION={version}", *words, "--output", "json"), around)
    return played, [json.loads(line) for line in played.stdout.splitlines()]


def test_a_manifest_is_released_wave_after_wave_with_one_verdict() -> None:
    world = three()
    played, lines = applied(world)
    assert played.code == 0, played.stderr
    assert statuses(lines) == dict.fromkeys(NAMES, "succeeded")
    assert running(world) == ["team/app:2"] * 3
    began, ended = dict(times_of(lines, "started")), dict(times_of(lines, "concluded"))
    assert ended["cron"] < began["web"]
    assert ended["web"] <= began["worker"]
    assert [each["seconds"] for each in lines if each["type"] == "fleet_soaks"] == [300]
    (worker,) = [each for each in played.requests("RegisterTaskDefinition") if each["family"] == "worker"]
    assert {"name": "LEVEL", "value": "debug"} in worker["containerDefinitions"][0]["environment"]


def test_the_same_again_changes_nothing() -> None:
    world = three()
    assert applied(world)[0].code == 0
    before = len(world.calls)
    played, lines = applied(world)
    assert played.code == 0
    assert statuses(lines) == dict.fromkeys(NAMES, "unchanged")
    assert not {call.operation for call in world.calls[before:]} & WRITES


def test_a_failed_wave_stops_the_release_and_all_goes_back() -> None:
    world = three(worlds.behaves("team/app:2", run="exit", exit_code=1, after=4))
    played, lines = applied(world)
    assert played.code == 21
    assert statuses(lines) == {"web": "refused", "worker": "refused", "cron": "rolled_back"}
    assert running(world) == ["team/app:1"] * 3


@pytest.mark.parametrize(
    ("words", "released"),
    [
        (("--only", "web"), ["web"]),
        (("--only", "app", "--select", "tag:team=shop"), ["web"]),
        (("--from-wave", "2"), ["web", "worker"]),
        (("--from-wave", "first", "--only", "cron", "--only", "worker"), ["worker", "cron"]),
    ],
)
def test_a_part_of_a_manifest_can_be_released(words: tuple[str, ...], released: list[str]) -> None:
    world = three()
    played, lines = applied(world, *words)
    assert played.code == 0, played.stderr
    assert [*statuses(lines)] == released
    assert {name for name, image in zip(NAMES, running(world), strict=True) if image == "team/app:2"} == {*released}


def test_a_dry_run_writes_nothing_and_has_one_exit_code(tmp_path: Path) -> None:
    world = three()
    (tmp_path / "ecs-release.toml").write_text(MANIFEST)
    words = ("apply", "ecs-release.toml", "--var", "VERSION=2", "--dry-run", "--exit-code", "--output", "markdown")
    played = worlds.play(world, words, worlds.surroundings(tmp_path))
    assert played.code == 2, played.stderr
    assert all(f"{name}:1" in played.stdout for name in NAMES)
    assert not {call.operation for call in world.calls} & WRITES


def test_json_is_read_like_toml_and_files_stand_beside_it(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "web.env").write_text("LEVEL=info\n")
    services = {"web": {"cluster": "prod", "image": "team/app:2", "env-file": "web.env", "command": ["run", "it"]}}
    (tmp_path / "deploy" / "release.json").write_text(json.dumps({"services": services}, indent=1))
    world = three()
    played = worlds.play(world, ("apply", "deploy/release.json"), worlds.surroundings(tmp_path))
    assert played.code == 0, played.stderr
    (container,) = played.registered["containerDefinitions"]
    assert container["command"] == ["run", "it"]
    assert {"name": "LEVEL", "value": "info"} in container["environment"]


FLAWS = {
    "an unknown key": (
        'tags = { team = "shop" }',
        'imgae = "x"',
        "line 13: `[services.web]` has an unknown key: `imgae`. Did you mean `image`?",
    ),
    "an unknown table": (
        "[services.cron]",
        "[service.cron]",
        "line 19: the manifest has an unknown key: `service`. Did you mean `services`?",
    ),
    "a key of a wave": (
        "percent = 100",
        "percnt = 100",
        "line 27: `[waves.2]` has an unknown key: `percnt`. Did you mean `percent`?",
    ),
    "a circle": (
        "[services.cron]",
        '[services.cron]\ndepends-on = ["cron"]',
        "line 20: These services wait for each other: `cron` → `cron`.",
    ),
    "an unknown service": (
        'depends-on = ["web"]',
        'depends_on = ["wbe"]',
        "line 16: `wbe` is no service of this manifest. Did you mean `web`?",
    ),
    "a later wave": (
        "[services.cron]",
        '[services.cron]\ndepends-on = ["web"]',
        "line 20: `cron` waits for `web`, which is in a later wave.",
    ),
    "an empty wave": ("percent = 100", "count = 2\n[[waves]]\ncount = 1", "line 28: The wave `3` is empty."),
    "a service twice": (
        '["cron"]\nsoak',
        '["cron", "app"]\nsoak',
        "line 23: The wave `first` names a service again: `cron` is in this wave twice.",
    ),
    "a service in no wave": ("percent = 100", "count = 1", "line 15: `worker` is in no wave."),
    "no number": ("percent = 100", "percent = 101", "line 27: `percent` must be a whole number from 1 to 100."),
    "a wrong kind": ('"20m"', "[20]", "line 6: `timeout` must be a text or a whole number."),
    "no duration": ('"20m"', '"20x"', "line 6: `timeout` must be a duration, not `20x`."),
    "no image": ("team/app:", "te am:", "line 10: `image` of `web`: `te am:2`"),
    "no value": ("${VERSION}", "${VERSION}${OTHER}", "line 10: no `--var` gives `OTHER`."),
    "no place": ("${VERSION}", "2", "has no place for the variable `VERSION` of `--var`."),
    "no TOML": ('"prod"', "prod", "is not TOML: Invalid value (at line 5, column 11)."),
    "no cluster": ('cluster = "prod"\n', "", "line 11: `web` has no `cluster`."),
    "one for each": ('"20m"', '"20m"\nbefore = "migrate"', "line 7: `[defaults]` has an unknown key: `before`."),
}


@pytest.mark.parametrize(("old", "new", "said"), FLAWS.values(), ids=FLAWS)
def test_what_is_wrong_is_told_with_its_line_before_anything_is_asked(old: str, new: str, said: str) -> None:
    world = three()
    assert old in MANIFEST
    played, _ = applied(world, manifest=MANIFEST.replace(old, new, 1))
    assert played.code == 64
    assert said in played.stderr
    assert not world.calls


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "No manifest is named."),
        (("a.toml",), "The manifest `a.toml` cannot be read: No such file or directory."),
        (("-", "--only", "wbe"), "`--only` names `wbe`, which the manifest does not have. Did you mean `web`?"),
        (("-", "--from-wave", "3"), "`--from-wave` names `3`, and the manifest has no such wave."),
        (("-", "--select", "team=shop"), "`--select` cannot be `team=shop`. Write it as `tag:NAME=VALUE`."),
        (("-", "--select", "tag:team=x"), "No service of the manifest is left by `--only` and `--select`."),
    ],
)
def test_what_is_asked_wrong_is_refused(words: tuple[str, ...], said: str) -> None:
    world = three()
    around = replace(worlds.surroundings(), stdin=io.StringIO(MANIFEST.replace("${VERSION}", "2")))
    played = worlds.play(world, ("apply", *words), around)
    assert played.code == 64
    assert said in played.stderr
    assert not world.calls


WELL = worlds.later(0, "ok", alarm="5xx")
SOAKED = MANIFEST.replace('soak = "5m"', 'soak = "5m"\nalarms = ["5xx"]')


@pytest.mark.parametrize(
    ("policy", "code", "cron"),
    [("rollback", 21, "rolled_back"), ("rollback-failed", 21, "rolled_back"), ("leave", 20, "succeeded")],
)
def test_an_alarm_in_the_soak_time_is_a_failure_of_the_wave(policy: str, code: int, cron: str) -> None:
    world = three(WELL, worlds.later(250, "alarm", alarm="5xx"))
    played, lines = applied(world, manifest=SOAKED.replace('"rollback"', f'"{policy}"'))
    assert played.code == code, played.stderr
    assert statuses(lines) == {"web": "refused", "worker": "refused", "cron": cron}
    (broken,) = [each for each in lines if each["type"] == "fleet_broken"]
    assert (broken["wave"], broken["why"]) == ("first", "the alarm `5xx` is in ALARM")


def test_an_alarm_that_is_well_lets_the_release_go_on_and_one_that_is_missing_lets_none_begin() -> None:
    assert applied(three(WELL), manifest=SOAKED)[0].code == 0
    world = three()
    played, _ = applied(world, manifest=SOAKED)
    assert played.code == 26
    assert "These alarms of waves do not exist: `5xx`." in played.stderr
    assert not {call.operation for call in world.calls} & WRITES


GATED = MANIFEST.replace("percent = 100", 'percent = 100\ngate = "approval"')


def test_a_gate_that_nobody_can_answer_is_refused_before_anything_is_asked() -> None:
    world = three()
    played, _ = applied(world, manifest=GATED)
    assert played.code == 26
    assert "The wave `2` needs an approval, and nobody can give it here." in played.stderr
    assert not world.calls
    assert applied(world, "--dry-run", manifest=GATED)[0].code == 0


@pytest.mark.parametrize(
    ("answers", "code", "cron"), [([None, True], 0, "succeeded"), ([None, False], 21, "rolled_back")]
)
def test_a_gate_asks_before_its_wave(
    answers: list[bool | None], code: int, cron: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = iter(answers)
    for module in ("run", "manifest"):
        monkeypatch.setattr(f"ecsdeploy.cli.several.{module}.wave_approval", lambda *_: lambda _: next(replies))
    played, lines = applied(three(), manifest=GATED)
    assert played.code == code
    assert statuses(lines)["cron"] == cron
    assert [each["type"] for each in lines].count("fleet_asks") == 1


def test_a_service_that_pauses_holds_its_wave_and_that_is_told() -> None:
    pause = {"target_type": "PAUSE", "lifecycle_stages": ["PRE_SCALE_UP"]}
    deployment = {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1, "lifecycle_hooks": [pause]}
    played, lines = applied(three(cron={"deployment": deployment}))
    (held,) = [each for each in lines if each["type"] == "fleet_held"]
    assert (held["wave"], held["member"], held["stage"]) == ("first", "cron", "PRE_SCALE_UP")
    assert [name for name, _ in times_of(lines, "started")] == ["cron"]
    assert played.code != 0


def test_credentials_of_every_account_are_checked_before_the_first_write() -> None:
    expired = worlds.fault(operation="GetCallerIdentity", error="ExpiredTokenException", times=9)
    manifest = MANIFEST.replace("[services.cron]", '[services.cron]\nprofile = "jobs"\nregion = "us-east-1"')
    world = three(expired)
    played, _ = applied(world, manifest=manifest)
    assert played.code == 26
    assert "Not everything can be called. `us-east-1`: " in played.stderr
    assert "; `us-east-1 jobs`: " in played.stderr
    assert not {call.operation for call in world.calls} & WRITES
    assert applied(three(), manifest=manifest)[0].code == 0


def test_the_published_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "release.schema.json").read_text(encoding="utf-8"))
    check = Draft202012Validator(schema)
    for text in (MANIFEST, SOAKED, GATED):
        assert not [*check.iter_errors(tomllib.loads(text))]
    for name in ("an unknown key", "an unknown table", "a key of a wave", "a wrong kind", "no number", "one for each"):
        old, new, _ = FLAWS[name]
        assert [*check.iter_errors(tomllib.loads(MANIFEST.replace(old, new, 1)))], name


def test_the_manifest_of_the_page_is_released() -> None:
    (manifest,) = [
        each.text
        for each in fences(ROOT / "docs" / "how-to" / "release-several-services.md")
        if each.language == "toml"
    ]
    image = "registry.example.com/team/app"
    services: dict[str, dict[str, object]] = {name: {"image": f"{image}:1"} for name in NAMES}
    world = three(**services)
    played, _ = applied(world, manifest=manifest, version="7")
    assert played.code == 0, played.stderr
    assert running(world) == [f"{image}:7"] * 3


def locked(world: World, folder: Path, name: str) -> worlds.Played:
    (folder / "r.toml").write_text(MANIFEST)
    words = ("lock", "r.toml", "--var", "VERSION=9", "-o", name)
    return worlds.play(world, words, worlds.surroundings(folder))


def test_a_lock_brings_back_what_ran_and_registers_nothing(tmp_path: Path) -> None:
    world = three()
    assert applied(world)[0].code == 0
    played = locked(world, tmp_path, "good.json")
    assert (played.code, "has an image by its tag" in played.stderr) == (0, True)
    found = json.loads((tmp_path / "good.json").read_text())["services"]
    assert [*found] == [*NAMES]
    assert (found["web"]["images"], len(found["web"]["digests"])) == ({"app": "team/app:2"}, 1)
    assert applied(world, version="3")[0].code == 0
    before = len(world.calls)
    words = ("apply", "r.toml", "--var", "VERSION=9", "--lock", "good.json")
    assert worlds.play(world, words, worlds.surroundings(tmp_path)).code == 0
    assert running(world) == ["team/app:2"] * 3
    assert {call.operation for call in world.calls[before:]} & WRITES == {"UpdateService"}


def test_no_lock_is_written_of_a_deployment_that_is_under_way(tmp_path: Path) -> None:
    world = three()
    assert worlds.play(world, ("deploy", *worlds.WEB, "--image", "team/app:2", "--detach")).code == 0
    played = locked(world, tmp_path, "good.json")
    assert played.code == 26
    assert "A deployment of `web` is under way" in played.stderr
    assert not (tmp_path / "good.json").exists()


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("[]", "The lock `l.json` is none that `lock` has written."),
        ('{"type": "lock", "services": {}}', "`l.json` has no service `web`."),
        (
            json.dumps({"type": "lock", "services": {"web": {"cluster": "x", "service": "web", "revision": "web:1"}}}),
            "`l.json` has the cluster `x` for `web`, and the manifest `prod`.",
        ),
    ],
)
def test_a_lock_that_is_of_no_use_is_refused(held: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(MANIFEST)
    (tmp_path / "l.json").write_text(held)
    world = three()
    words = ("apply", "r.toml", "--var", "VERSION=2", "--lock", "l.json")
    played = worlds.play(world, words, worlds.surroundings(tmp_path))
    assert played.code == 64
    assert said in played.stderr
    assert not world.calls
