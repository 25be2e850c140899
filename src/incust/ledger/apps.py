from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "incust.ledger"
    label = "ledger"
    verbose_name = "Ledger"
