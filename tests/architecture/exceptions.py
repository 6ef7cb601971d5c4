"""Where the house is not within its budgets yet: the table may only shrink, and a test says what has to go from it.

A number is how bad it may be at most.
"""

LONG_FILES: dict[str, int] = {}
"""Modules of more lines than a file may have."""

LONG_TESTS: dict[str, int] = {}
"""The same of tests."""

SMALL_FILES: dict[str, int] = {}
"""Packages with more small modules than a tenth of their own."""

SMALL_WITH_A_REASON = {
    "ecsdeploy.engine.follow.judging": "what knows all causes has one door",
    "ecsdeploy.engine.follow.through": "the one loop joins watching and who deploys, which do not know each other",
    "ecsdeploy.model.codes": "a screen and a line of JSON name the page of a code without loading the table of causes",
    "ecsdeploy.model.identity": "everybody who asks which deployment is ours asks it here",
}

CROWDED_FOLDERS = {"cli/commands": 32}

CIRCLES: dict[str, int] = {}
"""By package, how many modules are part of an import circle."""

LAZY: dict[str, int] = {}
"""By package, how many modules that are no doors import something inside a function."""

DOORS = {
    "ecsdeploy.engine.commands.release": "who runs no task before a release, and pins no image, loads nothing for it",
    "ecsdeploy.engine.controllers.deployer": "a release by ECS itself loads nothing of CodeDeploy",
    "ecsdeploy.engine.controllers.ecs": "a good release loads neither the way back nor what finds others' deployments",
    "ecsdeploy.engine.follow.judging": "what knows all causes is loaded once a task has stopped, or ECS complains",
    "ecsdeploy.engine.settle.conclude": "causes are looked for after a failure alone, and revisions pruned where asked",
    "ecsdeploy.api": "each command is loaded by the call that wants it",
    "ecsdeploy.client.connecting": "a program that rehearses nothing loads no simulator",
    "ecsdeploy.cli.main": "an exit that needs no command loads none",
    "ecsdeploy.cli.click": "what answers a command line that is wrong is loaded for that alone",
    "ecsdeploy.cli.commands": "help of one command loads no other",
    "ecsdeploy.cli.script.flags": "help is loaded for a word that is no option",
    "ecsdeploy.cli.script.form": "help of the flag form loads nothing that a release needs",
    "ecsdeploy.cli.script.requests": "what reads a file or a network is loaded by the option that gives one",
    "ecsdeploy.cli.requests": "what reads a file is loaded by the option that names one",
    "ecsdeploy.cli.words.settings": "who has no settings file loads no TOML",
    "ecsdeploy.cli.words.variables": "who names no file of variables loads no reader of one",
    "ecsdeploy.cli.session.afterwards": "what a CI job is told is loaded in a job, at its end",
    "ecsdeploy.cli.session.question": "a terminal's keys are read after Ctrl-C, by modules that Windows lacks",
    "ecsdeploy.cli.telling": "apprise is an extra, and takes a second to load",
    "ecsdeploy.aws.control_plane": "a neighbour of ECS is loaded by the first question to it",
    "ecsdeploy.aws.surroundings": "a neighbour of ECS is loaded by the first question to it",
    "ecsdeploy.model.nearest": "difflib is loaded for a mistake alone",
    "ecsdeploy.model.redaction": "patterns are compiled for the first text that may hold a secret",
    "ecsdeploy.model.secrets": "patterns are compiled for the first text that may hold a secret",
    "ecsdeploy.plan.planner": "a release that leaves the deployment configuration alone loads nothing for it",
    "ecsdeploy.plan.parts": "the library of patches is loaded for a patch alone",
    "ecsdeploy.plan.revise": "a release of an image alone loads nothing that edits other parts",
    "ecsdeploy.rollout.adapters": "a deployment by ECS itself loads nothing of CodeDeploy",
    "ecsdeploy.render.select": "one renderer of several is loaded",
    "ecsdeploy.render.live.painter": "rich is loaded while the first call is in flight",
    "ecsdeploy.sim.api.neighbours": "moto is an extra, and takes seconds to load",
    "ecsdeploy.testing": "a test run that asks for no world loads none",
}
"""Where imports inside functions are meant, each with its reason; a package stands for all that is in it.

Three doors were the aim: the choice of a command, `api`, and `deployer_of`. The others are kept for a deploy's CPU
time, which is at its bound: a module that a plain deploy can do without is loaded by what needs it, and by nothing
else. Whatever a plain deploy loads anyway is imported on top.
"""
