"""One module a command; the only place, with the tests, that imports the simulator."""

from __future__ import annotations

COMMANDS = {
    "deploy": "Release to a service: register, update, watch, verdict.",
    "plan": "Show what a deploy would change, with its checks; write nothing.",
    "status": "Show how a service stands, with all that tells why, or all services of a cluster.",
    "watch": "Follow a deployment that is under way; same verdict, same exit code.",
    "rollback": "Go back to the last release known to be good, and verify it.",
    "stop": "Stop the deployment that is under way, and follow ECS rolling it back.",
    "continue": "Let a deployment go on that a pause holds up, or take it back.",
    "demo": "Play a deployment in a simulated AWS, in this process.",
    "sim": "Serve a simulated ECS on this machine.",
    "explain": "Say what a code means (E-..., C-..., W-...), and what to do.",
    "completion": "Print what has bash, zsh or fish complete the command line.",
}
"""The commands and what each is for; each is the module of its name."""
