from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kompetenz.people"
    verbose_name = "Personen"
