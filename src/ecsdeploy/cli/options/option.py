"""What one option is: its names in either grammar, its place in the help, what it is for."""

from __future__ import annotations

from enum import StrEnum

from ecsdeploy.model.values import value

PREFIX = "ECS_DEPLOY_"
"""What the environment variables of the new grammar begin with."""
_STAND_FOR_OTHERS = frozenset({"FILE", "NAME", "JSON", "REVISION", "ROLE", "N"})


class Group(StrEnum):
    """The headings of the help."""

    SUBJECT = "What to deploy"
    IMAGE = "The new image"
    VARIABLES = "Variables and secrets of the new revision"
    PARTS = "Other parts of the new revision"
    SERVICE = "The service while it deploys"
    CODEDEPLOY = "A service that CodeDeploy deploys"
    WATCHING = "Watching, failure, rollback"
    TASK = "A one-off task, with -d"
    AWS = "AWS"
    OUTPUT = "Output"


@value(frozen=True, slots=True, kw_only=True)
class Option:
    """One option. `names` serve in both grammars, `script` in the flag form alone; without `metavar` it is a switch."""

    key: str
    help: str
    group: Group = Group.OUTPUT
    names: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    metavar: str = ""
    bare: str = ""
    """What it has as its value without one, where it may stand alone."""
    many: bool = False
    """It can be given several times; a second value of any other option would be left out of what is done."""
    takes: int = 1
    """How many words follow its name."""
    secret: bool = False
    """No message repeats its value, or a word that may be a part of it."""
    is_setting: bool = True
    """Whether a variable or a file can give it, or it can be typed alone."""
    is_of_one_run: bool = False
    """A variable can give it, and no file, which is for every run."""
    script_help: str = ""
    """The help of the flag form, where the option means something else there."""
    same_as: str = ""
    """The words of the commands for an option that the flag form alone has: `--base latest`; its value follows them."""
    advice: str = ""
    """What to do, where no words of the commands do the same as one of the `script` names."""

    @property
    def is_of_every_run(self) -> bool:
        """A file can give it."""
        return self.is_setting and not self.is_of_one_run

    @property
    def is_switch(self) -> bool:
        return not self.metavar

    @property
    def words(self) -> tuple[str, ...]:
        """The values that `metavar` lists, where it lists some."""
        words = self.metavar.split("|")
        return tuple(each for each in words if each not in _STAND_FOR_OTHERS) if len(words) > 1 else ()

    @property
    def takes_file(self) -> bool:
        return not {"FILE", "PATH"}.isdisjoint(self.metavar.split("|"))

    @property
    def of_commands(self) -> str:
        """How the commands spell it, without its value; empty where they have nothing like it."""
        return self.names[-1] if self.names else self.same_as

    @property
    def instead(self) -> str:
        """What whoever gives one of the `script` names to `deploy` is told."""
        return self.advice or f"Use `{' '.join(filter(None, (self.of_commands, self.metavar)))}`."

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name in the flag form, short ones first."""
        return tuple(sorted((*self.script, *self.names), key=lambda name: name.startswith("--")))

    @property
    def variable(self) -> str:
        """The environment variable of the new grammar, where it is a setting."""
        return f"{PREFIX}{self.key.upper()}"
