import pytest
from tests.integration.poster_sandbox.running_sandbox import Receiver, Sandbox, wait_until


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory):
    """One sandbox and one receiver for all tests of this worker."""
    receiver = Receiver()
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), receiver).start()
    yield sandbox
    sandbox.stop()
    receiver.stop()


@pytest.fixture
def sandbox(sandbox_process):
    """The sandbox as if just seeded, nobody signed in, the receiver empty."""
    sandbox_process.reset()
    sandbox_process.receiver.clear()
    yield sandbox_process
    sandbox_process.receiver.clear()
    sandbox_process.let_hooks_arrive()


@pytest.fixture
def receiver(sandbox):
    return sandbox.receiver


@pytest.fixture
def token(sandbox):
    """Connected, and the hook of the connection received."""
    value = sandbox.connect()
    wait_until(lambda: sandbox.receiver.hooks)
    sandbox.receiver.clear()
    return value


@pytest.fixture
def own_sandbox(tmp_path):
    """A sandbox that a test may kill."""
    receiver = Receiver()
    sandbox = Sandbox(tmp_path, receiver).start()
    yield sandbox
    if sandbox.process.poll() is None:
        sandbox.stop()
    receiver.stop()
