"""One module a command; the only place, with the tests, that imports the simulator."""

COMMANDS = {
    "deploy": "Release to a service: register, update, watch, verdict.",
    "demo": "Play a deployment in a simulated AWS, in this process.",
    "sim": "Serve a simulated ECS on this machine.",
}
"""The commands and what each is for; each is the module of its name."""
