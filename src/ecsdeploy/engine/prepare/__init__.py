"""What comes before the service is changed: imported by `engine.commands` and `engine.controllers`."""
