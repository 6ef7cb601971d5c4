"""Draws a run on a terminal, in place. Imported by `render.select` if there is one; nothing else imports rich."""
