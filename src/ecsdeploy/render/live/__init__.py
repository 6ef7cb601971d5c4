"""A run on a terminal, drawn over in place. Imported by `render.select` when there is one; nobody else imports rich."""
