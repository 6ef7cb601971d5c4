"""The JSON Schemas of a run's lines, of a service's status, and of the file of a plan, made from the model's types."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ecsdeploy.model.events import Event, Finished
from ecsdeploy.model.outcome import Cause, Other, Outcome, RollbackReport, Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.report import Report
from ecsdeploy.model.service import Service
from ecsdeploy.model.together import FleetEvent, FleetFinished
from ecsdeploy.model.values import value

Json = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number", types.NoneType: "null"}
_TEXT: Json = {"type": "string"}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_BY_NAME: Json = {"type": "object", "additionalProperties": _TEXT}
_TIME: Json = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"}
_IMAGES: Json = {**_BY_NAME, "description": "By container."}


_PLACE = ("service", "cluster", "region", "account")
_ENVELOPE: Json = {
    "type": "object",
    "required": ["v", "seq", "time", "type"],
    "properties": {
        "v": {"const": 1},
        "seq": {"type": "integer", "minimum": 0},
        "time": {"$ref": "#/$defs/time"},
        "type": _TEXT,
        "service": {**_TEXT, "description": "As the user named it; absent where no service is deployed."},
        "cluster": {**_TEXT, "description": "Likewise."},
        "release": {**_TEXT, "description": "The id of a release of several services; absent for one."},
    },
}


@value(frozen=True, slots=True, kw_only=True)
class _Error:
    """What was wrong."""

    type: str
    message: str
    hint: str


def snake(name: str) -> str:
    return _CAPITAL.sub("_", name).lower()


class Definitions:
    """Collects a definition for each class that a member has."""

    def __init__(self) -> None:
        self.found: dict[str, Json] = {"time": _TIME}

    def of(self, kind: Any) -> Json:  # noqa: ANN401 - a type, or what stands for several
        """The schema of a type that a member of the model has."""
        if kind in _PLAIN:
            return {"type": _PLAIN[kind]}
        if kind is datetime:
            return {"$ref": "#/$defs/time"}
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"enum": [each.value for each in kind]}
        if hasattr(kind, "__shape__"):
            return self._refer(kind)
        arguments = get_args(kind)
        if get_origin(kind) is Mapping:
            return {"type": "object"}
        if get_origin(kind) is Literal:
            return {"enum": [*arguments]}
        if get_origin(kind) is tuple and arguments[-1] is Ellipsis:
            return {"type": "array", "items": self.of(arguments[0])}
        if get_origin(kind) is tuple:
            return {"type": "array", "prefixItems": [self.of(each) for each in arguments], "items": False}
        if get_origin(kind) is types.UnionType or str(kind).startswith("typing."):
            return {"anyOf": [self.of(each) for each in arguments]}
        raise LookupError(f"{kind} has no schema.")

    def _refer(self, kind: type) -> Json:
        name = snake(kind.__name__)
        if name not in self.found:
            self.found[name] = {}
            self.found[name] = self.object_of(kind)
        return {"$ref": f"#/$defs/{name}"}

    def object_of(self, kind: type, **changed: Json | None) -> Json:
        """The schema of a value as an object. `changed` has what a member is instead; None leaves it out."""
        hints = get_type_hints(kind)
        members = {name: self.of(hint) for name, hint in hints.items() if changed.get(name, hint) is hint}
        members |= {name: each for name, each in changed.items() if each is not None}
        documented = members | ({"docs": _TEXT} if "code" in members else {})
        return {
            "description": " ".join((kind.__doc__ or "").split()),
            "type": "object",
            "required": [*members],
            "properties": documented,
        }


def _result(known: Definitions) -> Json:
    """The last line of a run, which `render.jsonl` makes of the outcome."""
    schema = known.object_of(Outcome, place=None, has_changes=None, images=_IMAGES)
    own = {
        "status": known.of(Status),
        "exit_code": {"type": "integer", "description": "Of this process."},
        **{name: {**_TEXT, "description": "Empty if it is not known."} for name in _PLACE},
        "cause": _or_null(known.object_of(Cause, log=None)),
        "rollback": _or_null(known.of(RollbackReport)),
        "other": _or_null(known.object_of(Other, images=_IMAGES)),
    }
    error = known.object_of(_Error) | {"description": "Only if an error ended the run, or AWS could not be asked more."}
    schema["description"] = "The last line: how the run ended."
    schema["required"] = [*schema["required"], *(name for name in own if name not in schema["required"])]
    schema["properties"] = {**schema["properties"], **own, "error": error}
    return schema


def _release_result(known: Definitions) -> Json:
    """The last line of a release of several services, which `render.several.jsonl` makes of the outcome."""
    texts = dict.fromkeys(("name", "service", "cluster", "to_revision", "deployment_id", "error"), _TEXT)
    status, code = known.of(Status), {"type": "integer"}
    each = {**texts, "status": status, "exit_code": code}
    members = {
        "status": status,
        "exit_code": code,
        "services": {"type": "array", "items": {"type": "object", "required": [*each], "properties": each}},
        "started_at": known.of(datetime),
        "duration_seconds": {"type": "number"},
    }
    told = "The last line of a release of several services; status and exit code are those of the worst one."
    return {"description": told, "type": "object", "required": [*members], "properties": members}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


_LAST: Mapping[type, tuple[str, Callable[[Definitions], Json]]] = {
    Finished: ("result", _result),
    FleetFinished: ("release_result", _release_result),
}
"""What the last line is made of: the name of its type, and its schema."""


def events(_module: object) -> str:
    """The schema of one line of a run."""
    known = Definitions()
    branches = []
    for kind in (*get_args(Event), *get_args(FleetEvent)):
        last = _LAST.get(kind)
        name, branch = (last[0], last[1](known)) if last else (snake(kind.__name__), known.object_of(kind))
        known.found[f"event_{name}"] = _typed(name, branch)
        branches.append({"$ref": f"#/$defs/event_{name}"})
    return _text(
        "ecs-deploy deploy --output json",
        "What happens in a run of deploy, apply, plan, create, rollback, stop, continue, watch, run and demo: one"
        " object a line, the last one of the type `result`. Of several services, the result of each is a line, and the"
        " last one is of the type `release_result`. Within v 1, members and types are only added.",
        {**_ENVELOPE, "oneOf": branches, "$defs": known.found},
    )


def plan_file(_module: object) -> str:
    """The schema of the file that `plan --out` writes."""
    known = Definitions()
    known.found["event_planned"] = _typed("planned", known.object_of(Planned))
    members = {
        "v": {"const": 1},
        "type": {"const": "plan"},
        "key": {**_TEXT, "pattern": "^[0-9a-f]{32}$", "description": "With it the fingerprints of the file are made."},
        "marks": {
            **_BY_NAME,
            "minProperties": 1,
            "description": "A fingerprint for each part of the plan: `deploy --plan` refuses to release another one.",
        },
        "options": {
            "type": "object",
            "additionalProperties": _TEXTS,
            "description": "The options of the command line that hold no values: `deploy --plan` adds them.",
        },
        "again": {**_TEXTS, "description": "The options to give again, as the file does not hold what they said."},
        "planned": {
            **_ENVELOPE,
            "allOf": [{"$ref": "#/$defs/event_planned"}],
            "description": "The plan as `plan --output json` tells it.",
        },
    }
    return _text(
        "ecs-deploy plan --out FILE",
        "A plan, to be released by `deploy --plan FILE`; it holds no value of a variable. Within v 1, members are only"
        " added.",
        {"type": "object", "required": [*members], "properties": members, "$defs": known.found},
    )


def status(_module: object) -> str:
    """The schema of what `status` of one service prints, which `render.objects` makes of the report."""
    known = Definitions()
    release = known.object_of(Other, images=_IMAGES) | {
        "description": "What a deployment of the service brings. `registered_by` is the ARN of who registered its"
        " revision; empty where ECS does not say."
    }
    members = {
        "v": {"const": 1},
        "type": {"const": "status"},
        "time": {"$ref": "#/$defs/time"},
        "exit_code": {"type": "integer", "description": "That of --exit-code."},
        **{name: {**_TEXT, "description": "Empty if it is not known."} for name in _PLACE},
        **known.object_of(Report, place=None, at=None, service=None)["properties"],
        "facts": known.of(Service),
        "images": _IMAGES,
        "releases": {"type": "array", "items": release},
    }
    return _text(
        "ecs-deploy status -c CLUSTER -n SERVICE --output json",
        "How a service stands at one moment: one object on one line. `facts` is what DescribeServices says of it,"
        " `releases` what each of its deployments brings, and `unread` what could not be read, and why. Within v 1,"
        " members are only added.",
        {"type": "object", "required": [*members], "properties": members, "$defs": known.found},
    )


def _typed(name: str, schema: Json) -> Json:
    return {
        **schema,
        "required": ["type", *schema["required"]],
        "properties": {"type": {"const": name}, **schema["properties"]},
    }


def _text(title: str, description: str, schema: Json) -> str:
    whole = {"$schema": _DIALECT, "title": title, "description": description, **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
