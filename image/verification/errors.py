"""What keeps a verification from its verdict."""

from __future__ import annotations


class SetupError(Exception):
    """The suite itself lacks something that it needs, so that it can say nothing of the service."""


class NotReadyError(Exception):
    """The service does not answer at all."""


def reason(error: BaseException) -> str:
    """An error in one line; some of the HTTP client's have no text of their own."""
    return " ".join(str(error).split()) or type(error).__name__
