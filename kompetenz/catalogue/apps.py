from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "kompetenz.catalogue"
    verbose_name = "Katalog"
