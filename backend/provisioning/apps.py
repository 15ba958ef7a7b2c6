from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    name = "backend.provisioning"
    label = "provisioning"
