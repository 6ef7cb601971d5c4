"""The commands as tools of an agent, over the Model Context Protocol. Imported by `cli.commands.mcp`.

`tools` says which commands, and carries one out; `server` speaks the protocol, and alone imports its library.
"""
