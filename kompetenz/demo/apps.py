from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "kompetenz.demo"
    verbose_name = "Vorführdaten"
