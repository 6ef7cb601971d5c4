"""What follows a verdict, a failure or a signal: imported by `engine.commands` and `engine.controllers`."""
