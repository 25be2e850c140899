from django.apps import AppConfig


class WalletConfig(AppConfig):
    name = "incust.wallet"
    label = "wallet"
    verbose_name = "Wallet"
