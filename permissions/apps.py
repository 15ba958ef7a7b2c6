from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PermissionsConfig(AppConfig):
    name = "permissions"
    verbose_name = _("Permissions")

    def ready(self) -> None:
        from backend.retention import erasure
        from permissions import checks, policies, rules  # noqa: F401 - rules fill the registry
        from permissions.mailboxes import webhooks
        from permissions.retention.erasure import may_still

        erasure.may_still = may_still
        webhooks.register()

        # Not business flow: the policies are made from the table of rules after every migration.
        pre_migrate.connect(policies.drop_views, sender=self)
        post_migrate.connect(policies.install_after_migrate, sender=self)
