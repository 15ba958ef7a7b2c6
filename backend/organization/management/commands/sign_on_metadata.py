"""What a provider of SAML has to know of us, before it is known here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.organization.sign_on.saml.provider import SetupError, metadata


class Command(BaseCommand):
    help = "Print the metadata of this installation for a provider of SAML 2.0."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(metadata().decode())
        except SetupError as error:
            raise CommandError(str(error)) from error
