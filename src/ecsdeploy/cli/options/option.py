"""One option: its names in each grammar, its group in the help, its value and its help."""

from __future__ import annotations

from enum import StrEnum

from ecsdeploy.model.values import value

PREFIX = "ECS_DEPLOY_"
"""The beginning of the names of all our environment variables."""
_STAND_FOR_OTHERS = frozenset({"FILE", "NAME", "JSON", "REVISION", "ROLE", "N", "NAMES", "MODE:THRESHOLD"})


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
    """One option. `names` are for both grammars, `script` only for the flag form. Without `metavar` it is a switch."""

    key: str
    help: str
    group: Group = Group.OUTPUT
    names: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    metavar: str = ""
    bare: str = ""
    """The value that it has if it stands alone; empty if it may not."""
    many: bool = False
    """Whether all its values count. Of any other option, a second value would have no effect."""
    takes: int = 1
    """How many words follow its name, if it has a `metavar`."""
    secret: bool = False
    """Whether its value may be secret: no message repeats it, or a word that may be a part of it."""
    is_setting: bool = True
    """Whether a variable or the file can give it. If not, it must be typed."""
    variable_name: str = ""
    """The end of its variable's name, if that is not its key."""
    is_of_one_run: bool = False
    """Whether a variable can give it, but not the file: it is about one run only, or always a secret."""
    script_help: str = ""
    """The help in the flag form, if the option means something else there."""
    same_as: str = ""
    """The same in the words of a command, for an option of the flag form: `--base latest`. Its value follows them."""
    advice: str = ""
    """What to do instead in a command, if no words of a command mean the same as the `script` names."""

    @property
    def is_of_every_run(self) -> bool:
        """Whether the file can give it."""
        return self.is_setting and not self.is_of_one_run

    @property
    def is_switch(self) -> bool:
        return not self.metavar

    @property
    def words(self) -> tuple[str, ...]:
        """The fixed values in `metavar`, if it lists some."""
        words = self.metavar.split("|")
        return tuple(each for each in words if each not in _STAND_FOR_OTHERS) if len(words) > 1 else ()

    @property
    def takes_file(self) -> bool:
        return not {"FILE", "PATH"}.isdisjoint(self.metavar.split("|"))

    @property
    def of_commands(self) -> str:
        """Its words in a command, without its value; empty if commands have nothing like it."""
        return self.names[-1] if self.names else self.same_as

    @property
    def instead(self) -> str:
        """The hint for somebody who gives one of the `script` names to `deploy`."""
        return self.advice or f"Use `{' '.join(filter(None, (self.of_commands, self.metavar)))}`."

    @property
    def spellings(self) -> tuple[str, ...]:
        """All its names in the flag form, the short ones first."""
        return tuple(sorted((*self.script, *self.names), key=lambda name: name.startswith("--")))

    @property
    def variable(self) -> str:
        """The environment variable that can give it, if it is a setting."""
        return f"{PREFIX}{(self.variable_name or self.key).upper()}"
