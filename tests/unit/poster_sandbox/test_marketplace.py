import json

import pytest

from poster_sandbox.configuration import ConfigurationError
from poster_sandbox.marketplace import load_app, load_apps

GOOD = {"application_id": "42", "secret": "s", "name": "Loyal Demo", "redirect_uri": "http://localhost/callback"}


def write(path, **changes):
    path.write_text(json.dumps({**GOOD, **changes}))
    return path


def test_what_is_not_said_is_derived(tmp_path):
    app = load_app(write(tmp_path / "app.json"))

    assert (app.application_name, app.icon_text, app.category, app.manage_url) == ("loyaldemo", "Lo", "Other", "")


@pytest.mark.parametrize("changes", [{"colour": "red"}, {"application_id": "abc"}])
def test_a_fault_in_an_app_file_is_said(tmp_path, changes):
    with pytest.raises(ConfigurationError, match="App file"):
        load_app(write(tmp_path / "app.json", **changes))


def test_two_apps_cannot_share_an_id(tmp_path):
    paths = [write(tmp_path / "a.json"), write(tmp_path / "b.json")]

    with pytest.raises(ConfigurationError, match="42 is there twice"):
        load_apps(paths)
