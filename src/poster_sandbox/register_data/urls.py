"""Addresses below `/{account}/register/{tablet_id}/data/`."""

from django.urls import path

from poster_sandbox.register_data import orders, people
from poster_sandbox.register_data.bootstrap import bootstrap
from poster_sandbox.register_data.endpoint import register_endpoint
from poster_sandbox.register_data.proxy import api, proxy

urlpatterns = [
    path("bootstrap", register_endpoint(GET=bootstrap)),
    path("login", register_endpoint(POST=people.login)),
    path("manager", register_endpoint(POST=people.manager)),
    path("clients", register_endpoint(GET=people.find_clients, POST=people.add_client)),
    path("clients/<int:client_id>", register_endpoint(GET=people.get_client)),
    path("shift", register_endpoint(POST=people.change_shift)),
    path("orders", register_endpoint(GET=orders.open_orders)),
    path("orders/<int:order_id>", register_endpoint(PUT=orders.put_order, DELETE=orders.drop_order)),
    path("orders/<int:order_id>/close", register_endpoint(POST=orders.close)),
    path("orders/<int:order_id>/extras", register_endpoint(POST=orders.set_extra)),
    path("receipts", register_endpoint(GET=orders.receipts)),
    path("receipts/<int:receipt_id>/refund", register_endpoint(POST=orders.refund)),
    path("receipts/<int:receipt_id>/delete", register_endpoint(POST=orders.delete)),
    path("proxy", proxy),
    path("api", api),
]
