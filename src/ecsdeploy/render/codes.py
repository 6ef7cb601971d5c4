"""What each code means, for `ecs-deploy explain` and for the reference pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecsdeploy.diagnose.table import CAUSES
from ecsdeploy.model.codes import read_at
from ecsdeploy.model.values import value
from ecsdeploy.plan.checks.sentences import ALWAYS_MADE, MEANINGS
from ecsdeploy.render.findings import FINDINGS
from ecsdeploy.render.labelled import Labelled

_BLANKS = {
    "container": "container NAME",
    "image": "IMAGE",
    "exit": " CODE",
    "when": "",
    "role": "ROLE",
    "task_role": "TASK ROLE",
}
_PLACE = re.compile(r"`?\{\w+\}`?")


@value(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a code means. Words in capitals and `…` stand for what a run finds; `link` is a page of AWS's guides."""

    code: str
    meaning: str
    todo: str = ""
    nature: str = ""
    """How long a cause lasts and why, or whether a check refuses or warns."""
    link: str = ""

    def labelled(self) -> Iterator[Labelled]:
        """The explanation as texts with labels, for a screen."""
        yield Labelled("Code", self.code, whole=True)
        yield Labelled("Meaning", self.meaning)
        if self.todo:
            yield Labelled("What to do", self.todo)
        if self.nature:
            yield Labelled("It is", self.nature)
        if self.link:
            yield Labelled("AWS", self.link, whole=True)
        yield Labelled("Read", read_at(self.code), whole=True)


def explanations() -> Mapping[str, Explanation]:
    """The explanation of every code, by code: causes, then checks, then warnings, each in the order of its table."""
    return {each.code: each for each in (*causes(), *checks(), *warnings())}


def causes() -> Iterator[Explanation]:
    for cause in CAUSES:
        yield Explanation(
            code=cause.code,
            meaning=_sentence(cause.meaning.format(**_BLANKS)),
            todo=cause.remedy.format(**_BLANKS),
            nature=f"{cause.permanence}: {cause.because}",
            link=cause.link,
        )


def checks() -> Iterator[Explanation]:
    for code, meaning in MEANINGS.items():
        yield Explanation(
            code=code,
            meaning=_sentence(_PLACE.sub("…", meaning.sentence)),
            todo=meaning.todo,
            nature=meaning.severity.value + (", always" if code in ALWAYS_MADE else ""),
            link=meaning.link,
        )


def warnings() -> Iterator[Explanation]:
    for code, text in FINDINGS.items():
        yield Explanation(code=code, meaning=_sentence(_PLACE.sub("…", text)))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}".removesuffix(".").removesuffix("…") + ("…" if "…" in text[-2:] else ".")
