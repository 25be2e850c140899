"""Addresses below `/{account}/manage/`."""

from django.urls import path

from poster_sandbox.console import access, applications, goods, sales, sign_in, system

urlpatterns = [
    path("", sales.dashboard),
    path("sign-in", sign_in.sign_in),
    path("sign-out", sign_in.sign_out),
    path("receipts", sales.receipts),
    path("receipts/<int:receipt_id>", sales.receipt),
    path("receipts/<int:receipt_id>/delete", sales.delete),
    path("receipts/<int:receipt_id>/refund", sales.refund),
    path("products", goods.products),
    path("products/<int:product_id>", goods.product_form),
    path("products/<int:product_id>/remove", goods.remove),
    path("clients", sales.clients),
    path("clients/new", sales.client_form),
    path("clients/<int:client_id>", sales.client_form),
    path("sms", sales.sms),
    path("locations", access.locations),
    path("tablets", access.tablets),
    path("employees", access.employees),
    path("marketplace", applications.marketplace),
    path("marketplace/<int:application_id>", applications.app_page),
    path("installed", applications.installed),
    path("installed/<int:application_id>/", applications.manage_frame),
    path("installed/<int:application_id>/disconnect", applications.disconnect),
    path("installed/<int:application_id>/expire-token", applications.expire_token),
    path("webhooks", applications.webhooks),
    path("webhooks/test/<int:application_id>", applications.send_test),
    path("webhooks/<int:webhook_id>/retry", applications.retry_now),
    path("settings", system.general),
    path("weather", system.weather),
    path("reset", system.reset),
]
