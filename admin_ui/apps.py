from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AdminUiConfig(AppConfig):
    name = "admin_ui"

    def ready(self) -> None:
        from admin_ui.core import exporting
        from admin_ui.shell import registry  # noqa: F401
        from admin_ui.shell import service_tables as tables_of_pages  # noqa: F401
        from backend.exports import lists

        lists.provide(exporting.AdminLists())


class AdminSiteConfig(AdminConfig):
    """Django's admin with our site in place of its own."""

    default_site = "admin_ui.shell.site.OfficeAdminSite"
