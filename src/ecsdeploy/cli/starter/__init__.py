"""The files with which a project starts to release a service. Imported by the command `init`."""
