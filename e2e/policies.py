"""The policies of `docs/reference/iam.md`, as one that the emulator can enforce."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "iam.md"
_BLOCK = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def published(denied: tuple[str, ...]) -> str:
    """One policy with all the actions of the page, but for the `denied` ones.

    They are allowed on every resource: the emulator takes calls about a service for calls about its cluster.
    """
    blocks = (json.loads(block) for block in _BLOCK.findall(PAGE.read_text("utf-8")))
    actions = {action for block in blocks for each in block["Statement"] for action in _actions(each)}
    statement = {"Effect": "Allow", "Action": sorted(actions.difference(denied)), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _actions(statement: Mapping[str, object]) -> list[str]:
    action = statement["Action"]
    return [str(each) for each in action] if isinstance(action, list) else [str(action)]
