"""Tools of the image's developers and of the sandbox; not part of the image."""
