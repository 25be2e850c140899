"""The till's bundle handed over to the (sandbox) Poster, whose registers get it from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.poster.poster_beside import SECRET, PosterBeside

from incust.config.deploy_bundle import run_deploy_bundle
from incust.poster.applications import KnownApplication, forget_known, register_application
from incust.poster.deploy_bundle import (
    BUNDLE_BYTES_MAX,
    BundleRefused,
    bundle_signature,
    deploy_bundle,
    read_bundle,
)

BUILT = b"/* till */ Poster.on('beforeOrderClose', () => {});"
OWN = KnownApplication(application_id="4242", name="inCust", secret=SECRET)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.js"
    path.write_bytes(BUILT)
    return path


def served(poster: PosterBeside) -> str:
    """What a register of a connected account loads for our application."""
    poster.connect()
    (app,) = poster.register("GET", "bootstrap").json()["apps"]
    frame = poster.client.get("/app-frame/demo-cafe/1/4242/", headers={"Host": f"127.0.0.1:{poster.port}"})
    assert f'data-bundle-address="{app["bundleAddress"]}"' in frame.text
    return str(app["bundleAddress"])


def load(poster: PosterBeside) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{poster.port}/app-frame/4242/bundle.js?t=1", trust_env=False)


def test_the_signature_is_posters() -> None:
    # md5("4242:" + md5(b"abc") + ":" + secret)
    assert bundle_signature(OWN, b"abc") == "8e382679cf931b08084166ddc299bd54"


def test_registers_get_what_was_handed_over(poster: PosterBeside, built: Path, capsys: Any) -> None:
    assert served(poster) == poster.app["bundle_address"]
    assert load(poster).status_code == 404
    assert run_deploy_bundle(application="", file=built) == 0
    out = capsys.readouterr().out
    assert out.splitlines() == [
        'inCust (4242): 94 bytes handed over. Poster answered: {"response": true}',
        "Registers take it up at their next start.",
    ]
    assert served(poster) == "/app-frame/4242"
    answer = load(poster)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.content == b'window.__INCUST_API__="http://testserver";\n' + BUILT


def test_the_newest_one_counts(poster: PosterBeside, built: Path) -> None:
    for text in ("one", "two"):
        deploy_bundle(OWN, BUILT + f"// {text}".encode())
    assert load(poster).text.endswith("// two")


def test_another_secret_hands_nothing_over(poster: PosterBeside) -> None:
    stranger = KnownApplication(application_id="4242", name="inCust", secret="guessed")
    with pytest.raises(BundleRefused, match=r'It answered 200: \{"error": \{"code": 30, "message": "Wrong sign"\}\}'):
        deploy_bundle(stranger, BUILT)
    assert load(poster).status_code == 404


def test_a_bundle_that_changed_on_the_way_is_refused(poster: PosterBeside) -> None:
    answer = httpx.post(
        f"{poster.url}/api/application.uploadPOSPlatformBundle",
        data={"application_id": "4242", "sign": bundle_signature(OWN, BUILT)}, files={"bundle": ("b.js", BUILT + b" ")},
        trust_env=False,
    )  # fmt: skip
    assert answer.json() == {"error": {"code": 30, "message": "Wrong sign"}}
    assert load(poster).status_code == 404


@pytest.mark.django_db
def test_a_white_label_application_signs_with_its_own_secret(poster: PosterBeside, built: Path, capsys: Any) -> None:
    register_application(application_id="999", name="Partner", secret="the-partner-knows-it")
    forget_known()
    assert run_deploy_bundle(application="Partner", file=built) == 1  # the sandbox's marketplace has no such app
    assert "There is no such application" in capsys.readouterr().err
    assert run_deploy_bundle(application="Nobody", file=built) == 1
    assert capsys.readouterr().err == (
        "No application “Nobody” is known. Add it with `incust manage register_poster_application`.\n"
    )


def test_a_bundle_that_is_missing_too_big_or_not_built_is_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "bundle.js"
    with pytest.raises(BundleRefused, match=r"There is no bundle at .* Build the till with `make till`"):
        read_bundle(path)
    path.write_bytes(b"import { on } from './x'; Poster beforeOrderClose")
    with pytest.raises(BundleRefused, match="is not a built till"):
        read_bundle(path)
    path.write_bytes(b"")
    with pytest.raises(BundleRefused, match="is not a built till"):
        read_bundle(path)
    path.write_bytes(BUILT.ljust(BUNDLE_BYTES_MAX + 1))
    with pytest.raises(BundleRefused, match="is too big: 1048577 bytes, and 1048576 at most"):
        read_bundle(path)


def test_a_poster_that_is_away_is_tried_a_bounded_number_of_times(settings: Any) -> None:
    settings.POSTER_AUTH_URL = "http://127.0.0.1:9/api/auth"
    with pytest.raises(BundleRefused, match="Poster does not answer"):
        deploy_bundle(OWN, BUILT)


def test_the_built_till_passes() -> None:
    built = Path("till/dist/bundle.js")
    if not built.exists():
        pytest.skip("the till is not built")
    assert read_bundle(built).endswith(built.read_bytes())
