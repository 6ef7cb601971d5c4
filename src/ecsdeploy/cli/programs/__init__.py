"""Programs of others that a command starts. Imported by the command that needs one."""
