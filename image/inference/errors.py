"""What a caller is told when a request cannot be carried out."""


class RefusalError(Exception):
    """A request that cannot be carried out, with the status, the code and the message that its caller gets."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
