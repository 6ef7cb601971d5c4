"""What the whole simulator uses: time, identifiers, errors, images. It imports nothing else of `sim`."""
