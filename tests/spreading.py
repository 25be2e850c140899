"""Which tests stay together on one worker.

Not by `xdist_group` marks: pytest 9.2 composes node ids anew, so what pytest-xdist 3.8 appends to them gets lost, and
tests with a mark are spread like any others.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SHARED = "tests/e2e/"
ONE_DEPLOYMENT = ("tests/crash/", "tests/network/")


class BrowserModulesTogether(LoadScopeScheduling):
    """A module that shares a browser stays on one worker, and so do all tests of one deployment; every other test goes
    wherever there is room.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.startswith("tests/e2e/guide/"):
            return "guide"  # each module starts a whole demo, and two at once would reach for the same ports
        if path.startswith(ONE_DEPLOYMENT):
            return "deployment"  # what takes long is to bring one up
        return path if path.startswith(SHARED) else nodeid
