from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "roles"
    verbose_name = "Rollenprofile"

    def ready(self):
        """Offer the role column to staff lists, which do not know this app."""
        from . import staff_column  # noqa: F401
