"""Why an order could not be kept, closed or refunded."""


class OrderRefused(Exception):
    """The sentence says what is wrong; `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
