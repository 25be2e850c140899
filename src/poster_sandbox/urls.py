"""One prefix per account: `http://localhost:8100/{account}` stands for `https://{account}.joinposter.com`."""

from django.urls import include, path

from poster_sandbox import switchboard
from poster_sandbox.oauth import views as oauth
from poster_sandbox.register_data import pages
from poster_sandbox.webapi.bundle_upload import uploaded_bundle
from poster_sandbox.webapi.dispatch import web_api

urlpatterns = [
    path("", switchboard.start_page, name="start"),
    path("sandbox/weather", switchboard.weather),
    path("sandbox/clients", switchboard.clients),
    path("sandbox/products", switchboard.products),
    path("sandbox/reset", switchboard.reset),
    path("api/auth", oauth.choose_account),
    path("api/v2/auth/access_token", oauth.access_token),
    path("api/v2/auth/manage", oauth.manage),
    path("api/<str:method>", web_api),
    path("app-frame/<int:application_id>/bundle.js", uploaded_bundle),
    path("app-frame/<slug:account>/<int:tablet_id>/<int:application_id>/", pages.app_frame),
    path("<slug:account>/api/auth", oauth.authorize),
    path("<slug:account>/api/v2/auth/access_token", oauth.access_token),
    path("<slug:account>/api/v2/auth/manage", oauth.manage),
    path("<slug:account>/api/<str:method>", web_api),
    path("<slug:account>/register/<int:tablet_id>/", pages.register_page, name="register"),
    path("<slug:account>/register/<int:tablet_id>/data/", include("poster_sandbox.register_data.urls")),
    path("<slug:account>/manage/", include("poster_sandbox.console.urls")),
]
