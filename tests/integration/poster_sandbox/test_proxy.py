"""`Poster.makeRequest` and `makeApiRequest`."""

import hashlib
import time

import pytest
from tests.integration.poster_sandbox.running_sandbox import APP_ID, SECRET


@pytest.fixture
def ask(sandbox, token):
    def proxy(path="/quote", **changes):
        body = {"url": sandbox.receiver.address + path, "method": "get", "timeout": 2000, "applicationId": APP_ID}
        return sandbox.register("POST", "proxy", {**body, **changes}).json()

    return proxy


def signature(request, url, body=""):
    return hashlib.md5(f"{url}{body}{request['headers']['X-Poster-Time']}{SECRET}".encode()).hexdigest()


def test_a_get_is_signed_over_its_whole_address(ask, receiver):
    answer = ask("/quote?order=1506511064579", data={"ignored": 1})

    [request] = receiver.requests
    assert answer == {"code": 200, "result": '{"ok":true}'}
    assert request["body"] == ""
    url = f"{receiver.address}/quote?order=1506511064579"
    assert request["headers"]["X-Poster-Signature"] == signature(request, url)


def test_a_post_is_signed_over_the_json_it_sends(ask, receiver):
    ask(method="POST", data={"name": "Кава", "path": "a/b"}, headers=["X-Own: 1", "X-Poster-Url: somebody-else"])

    [request] = receiver.requests
    headers = request["headers"]
    assert request["body"] == '{"name":"Кава","path":"a/b"}'
    assert headers["X-Poster-Signature"] == signature(request, f"{receiver.address}/quote", request["body"])
    assert (headers["Content-Type"], headers["X-Own"]) == ("application/json", "1")


def test_headers_say_where_it_comes_from(ask, receiver):
    ask(headers=["X-Poster-Tablet-Id: 99"])

    headers = receiver.requests[0]["headers"]
    assert headers["X-Poster-Url"] == "demo-cafe"
    assert headers["X-Poster-Spot-Id"] == "1"
    assert headers["X-Poster-Tablet-Id"] == "1"
    assert headers["X-Poster-Account-Number"] == "333226"
    assert abs(int(headers["X-Poster-Time"]) - time.time()) < 5


def test_the_weather_signs_as_php_and_with_another_clock(sandbox, ask, receiver):
    sandbox.weather(proxy_signs_json_as="php", proxy_clock_ahead_s=600)
    ask(method="post", data={"a": "b/c"})

    [request] = receiver.requests
    assert request["body"] == '{"a":"b/c"}'
    assert request["headers"]["X-Poster-Signature"] == signature(request, f"{receiver.address}/quote", '{"a":"b\\/c"}')
    assert int(request["headers"]["X-Poster-Time"]) - time.time() > 590


def test_any_status_with_json_is_passed_on(ask, receiver):
    receiver.answers = [(409, '{"code":"quote-changed"}')]

    assert ask() == {"code": 409, "result": '{"code":"quote-changed"}'}


@pytest.mark.parametrize("text", ["<html>", ""])
def test_an_answer_that_is_no_json_is_code_1(ask, receiver, text):
    receiver.answers = [(200, text)]

    assert ask() == {"code": 1, "result": False}


def test_an_answer_that_does_not_come_in_time_is_code_0(ask, receiver):
    receiver.delay_s = 3.0
    began = time.monotonic()

    assert ask(timeout=200) == {"code": 0, "result": False}
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "not an address", "ftp://127.0.0.1/", ""])
def test_an_address_where_nobody_is_is_code_0(ask, url):
    assert ask(url=url) == {"code": 0, "result": False}


def test_a_proxy_that_is_down_is_code_0_and_forwards_nothing(sandbox, ask, receiver):
    sandbox.weather(proxy="down")

    assert ask() == {"code": 0, "result": False}
    assert receiver.requests == []


def test_an_app_that_is_not_connected_gets_nothing_signed(sandbox, receiver):
    body = {"url": receiver.address, "method": "get", "applicationId": APP_ID}

    assert sandbox.register("POST", "proxy", body).status_code == 403
    assert receiver.requests == []


def test_a_slow_app_server_does_not_stop_the_register(sandbox, ask, receiver):
    import threading

    receiver.delay_s = 3.0
    slow = [threading.Thread(target=ask) for _ in range(6)]
    for thread in slow:
        thread.start()
    began = time.monotonic()
    sandbox.register("POST", "login", {"pin": "0000"})
    took = time.monotonic() - began
    for thread in slow:
        thread.join()

    assert took < 2.5


class TestApiRequest:
    def api(self, sandbox, method, **data):
        return sandbox.register("POST", "api", {"method": method, "data": data, "applicationId": APP_ID}).json()

    def test_the_answer_is_unwrapped(self, sandbox, token):
        groups = self.api(sandbox, "clients.getGroups")["response"]

        assert [group["client_groups_id"] for group in groups] == ["1", "2", "3"]

    def test_a_failure_is_false(self, sandbox, token):
        assert self.api(sandbox, "clients.getClient", client_id=999)["response"] is False
        sandbox.weather(web_api="down")
        assert self.api(sandbox, "clients.getGroups")["response"] is False

    def test_without_a_connection_it_is_false(self, sandbox):
        assert self.api(sandbox, "clients.getGroups")["response"] is False
