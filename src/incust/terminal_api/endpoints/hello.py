"""``hello``."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from dmr import ResponseSpec, validate
from dmr.plugins.msgspec import BodyMsgspec

from ..adapter import Operation
from ..doors import Doors
from ..hello import say_hello
from ..schemas.hello import HelloAnswer, HelloRequest


class Hello(Operation):
    problems = ("replayed-request",)

    @validate(ResponseSpec(HelloAnswer, status_code=HTTPStatus.OK), auth=[Doors(writes=False)], operation_id="hello")
    def post(self, parsed_body: BodyMsgspec[HelloRequest]) -> HttpResponse:
        """Say hello.

        At start and at each log-in: who the till is to the server, and what it should know.
        """
        return self.answer(say_hello(self.caller, parsed_body.salesperson, now=self.now))
