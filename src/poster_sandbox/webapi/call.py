"""One call of the web API, and how it fails."""

from dataclasses import dataclass
from typing import Any

from poster_sandbox.store import State


class ApiError(Exception):
    """Becomes `{"error": {"code", "message"}}` with HTTP status 200, as Poster answers."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class ApiCall:
    """Who calls what: the account of the token, the app it was issued to, and the parameters of query and body."""

    state: State
    account: dict[str, Any]
    application_id: str
    parameters: dict[str, Any]

    def required(self, name: str) -> str:
        """A parameter as text. Raises ApiError 34 when it is missing or empty."""
        value = self.parameters.get(name)
        if value is None or str(value).strip() == "":
            raise ApiError(34, f"Field {name} is required")
        return str(value).strip()

    def optional(self, name: str) -> str:
        value = self.parameters.get(name)
        return "" if value is None else str(value).strip()

    def whole_number(self, name: str, default: int) -> int:
        """A parameter as number. Raises ApiError 701 when it is none."""
        text = self.optional(name)
        if not text:
            return default
        try:
            return int(text)
        except ValueError as error:
            raise ApiError(701, f"Field {name} must be a whole number") from error

    def flag(self, name: str) -> bool:
        return self.optional(name).lower() in ("true", "1")
