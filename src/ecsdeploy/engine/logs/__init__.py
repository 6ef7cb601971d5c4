"""Which log streams the containers of tasks write, and reading them on: imported by the rest of the engine."""
