from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "incust.messaging"
    label = "messaging"
    verbose_name = "Messaging"

    def ready(self) -> None:
        from . import letters  # noqa: F401 (registers the topics of letters)
        from .channels import email, sms

        email.register()
        sms.register()
