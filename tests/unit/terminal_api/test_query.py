"""The parameters of a request's URL, as Django's own reading has them."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from incust.terminal_api.query import query_of


@pytest.mark.parametrize(
    "query", ["", "lang=uk", "a=1&a=2", "a=&b", "spot=%D0%9A%2Fb+c", "=x&&y==z", "account=Caf%C3%A9&v=1.0"]
)
def test_parameters_are_read_as_django_reads_them(query: str) -> None:
    request = RequestFactory().post(f"/?{query}")
    assert query_of(request) == request.GET.dict()
    assert query_of(request) is query_of(request)
