"""Installations that know the built-in formats and competencies from before get what these need and when to refresh.

What HR has written itself stays: only empty fields are filled.
"""

from django.db import migrations

NEEDS = {
    "selbstlernen": "Fest eingeplante Zeit, Material und jemanden, der regelmäßig nachfragt.",
    "kollegialer-austausch": "Kolleginnen und Kollegen mit ähnlichen Aufgaben und einen festen Termin.",
    "coaching": "Das Einverständnis der Person und einen Coach, dem sie vertraut.",
    "mentoring": "Eine erfahrene Person, die mit Namen feststeht und Zeit dafür hat.",
    "vortraege-workshops": "Ein passendes Angebot und danach Gelegenheit, das Gehörte zu erproben.",
    "seminare-schulungen": "Freistellung, Budget und ein Angebot, das zum Vorwissen passt.",
    "training": "Gelegenheit zum Üben mit Rückmeldung, am besten mehrmals.",
}


def fill_in(apps, schema_editor):
    formats = apps.get_model("learningplans", "LearningFormat").objects
    for key, text in NEEDS.items():
        formats.filter(key=key, needs="").update(needs=text)
    formats.filter(key="coaching").update(needs_consent=True)
    formats.filter(key="mentoring").update(needs_mentor=True)
    competencies = apps.get_model("catalogue", "Competency").objects
    competencies.filter(key="sicherheit-datenschutz", refresh_months=None).update(refresh_months=24)


class Migration(migrations.Migration):
    dependencies = [("learningplans", "0004_growth"), ("catalogue", "0002_refreshing")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
