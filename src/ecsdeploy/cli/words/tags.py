"""Finds the tags for a new revision: those given, and where it comes from, by what the CI system says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value
from ecsdeploy.plan.revise import OF_OURS

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
_KEY = re.compile(r"[\w +=.:/@-]{1,128}")
_VALUE = re.compile(r"[\w +=.:/@-]{0,256}")
_ILLEGAL = re.compile(r"[^\w +=.:/@-]")
_LONGEST = 256
_RESERVED = "aws:"


@value(frozen=True, slots=True)
class _System:
    """A CI system: the variable that all its jobs have (`marker`), and those of the commit, the run and its starter.

    Of several names, the first that is set counts.
    """

    marker: str
    commit: str
    run: tuple[str, ...]
    actor: tuple[str, ...]


_SYSTEMS = (
    # https://docs.github.com/en/actions/reference/variables-reference; the run is put together below.
    _System("GITHUB_ACTIONS", "GITHUB_SHA", (), ("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR")),
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    _System("GITLAB_CI", "CI_COMMIT_SHA", ("CI_PIPELINE_URL", "CI_JOB_URL"), ("GITLAB_USER_LOGIN",)),
    # https://buildkite.com/docs/pipelines/environment_variables
    _System("BUILDKITE", "BUILDKITE_COMMIT", ("BUILDKITE_BUILD_URL",), ("BUILDKITE_BUILD_CREATOR",)),
    # https://circleci.com/docs/reference/variables/
    _System("CIRCLECI", "CIRCLE_SHA1", ("CIRCLE_BUILD_URL",), ("CIRCLE_USERNAME",)),
    # https://plugins.jenkins.io/build-user-vars-plugin/ for the last one
    _System("JENKINS_URL", "GIT_COMMIT", ("BUILD_URL",), ("BUILD_USER_ID",)),
)


def revision_tags(given: Given, variables: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The tags, as pairs of key and value. A tag that is given wins over one of the CI system."""
    found = provenance(variables) if given.has("provenance") else {}
    return tuple((found | _typed(given)).items())


def provenance(variables: Mapping[str, str]) -> dict[str, str]:
    """The commit, the run and who started it, as far as the CI system says; empty in no CI system."""
    system = next((each for each in _SYSTEMS if variables.get(each.marker)), None)
    if system is None:
        return {}
    said = {
        "commit": variables.get(system.commit, ""),
        "run": _first(variables, system.run) or _run_of_github(variables),
        "actor": _first(variables, system.actor),
    }
    return {f"{OF_OURS}{name}": _legal(text) for name, text in said.items() if text}


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := variables.get(name))), "")


def _run_of_github(variables: Mapping[str, str]) -> str:
    parts = [variables.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    return "{}/{}/actions/runs/{}".format(*parts) if all(parts) else ""


def _legal(text: str) -> str:
    """The text with `_` for what a tag may not have, such as the brackets of `dependabot[bot]`."""
    return _ILLEGAL.sub("_", text)[:_LONGEST]


def _typed(given: Given) -> dict[str, str]:
    tags: dict[str, str] = {}
    for text in given.texts("tag_revision"):
        key, equals, tag = text.partition("=")
        if not (equals and _KEY.fullmatch(key) and _VALUE.fullmatch(tag)):
            raise UsageError(
                f"{given.origin('tag_revision')} takes no tag such as `{text}`.",
                hint="Write it as `KEY=VALUE`, in letters, digits, blanks and `+ - = . _ : / @`; a key has up to 128"
                " of them, a value up to 256.",
            )
        if key.lower().startswith(_RESERVED):
            raise UsageError(
                f"{given.origin('tag_revision')} gives the tag `{key}`, and AWS keeps `aws:` for itself.",
                hint="Choose another key.",
            )
        if key in tags:
            raise UsageError(f"{given.origin('tag_revision')} gives the tag `{key}` twice.", hint="Give it once.")
        tags[key] = tag
    return tags
