"""The command line: from its words to a request, and to an exit code. No other package imports it."""
