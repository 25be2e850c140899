import json

import pytest

from poster_sandbox.store import Store


def seed():
    return {"sessions": {}, "accounts": {"cafe": {}}, "count": 0}


def test_a_change_is_on_disk_when_the_block_is_left(tmp_path):
    store = Store(tmp_path / "state.json", seed)
    with store.change() as state:
        state["count"] = 7

    assert json.loads((tmp_path / "state.json").read_text())["count"] == 7


def test_a_change_that_fails_leaves_nothing_behind(tmp_path):
    store = Store(tmp_path / "state.json", seed)

    def fail():
        with store.change() as state:
            state["count"] = 7
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    with store.read() as state:
        assert state["count"] == 0
    assert json.loads((tmp_path / "state.json").read_text())["count"] == 0


def test_a_second_store_reads_what_the_first_has_written(tmp_path):
    with Store(tmp_path / "state.json", seed).change() as state:
        state["count"] = 3

    with Store(tmp_path / "state.json", seed).read() as state:
        assert state["count"] == 3


def test_reset_keeps_sessions_of_accounts_that_exist(tmp_path):
    store = Store(tmp_path / "state.json", seed)
    with store.change() as state:
        state["count"] = 7
        state["sessions"] = {"a": {"account": "cafe"}, "b": {"account": "gone"}}

    store.reset()

    with store.read() as state:
        assert state == {"sessions": {"a": {"account": "cafe"}}, "accounts": {"cafe": {}}, "count": 0}


def test_listeners_hear_of_every_change(tmp_path):
    store = Store(tmp_path / "state.json", seed)
    heard = []
    store.listen(lambda: heard.append(1))
    with store.change():
        pass

    assert heard == [1]
