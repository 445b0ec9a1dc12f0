"""What letters about reviews say: the day, and nothing of the plan."""

from datetime import date

from django.utils.formats import date_format

from kompetenz.letters.occasions import Said


def review_reminder(letter, review, day):
    when = date_format(date.fromisoformat(day), "j. F Y")
    return Said(f"Review-Gespräch am {when}", f"Ihr Review-Gespräch zum Lernplan ist am {when}.")


def review_dates(letter, plan):
    return Said("Termine Ihrer Review-Gespräche", "für Ihren Lernplan gibt es Termine für Review-Gespräche.")


def free_seat(letter, booking):
    return Said(
        "Ein gebuchter Platz ist frei geworden",
        "in einem Lernplan ist ein anderes Angebot vereinbart. Der Platz, den Sie dafür gebucht hatten, ist frei.",
        (
            "Bitte sagen Sie dem Anbieter ab oder vergeben Sie den Platz. In der Fortbildungsplanung steht er unter „zu prüfen“.",
        ),
    )


def review_to_answer(letter, review):
    return Said(
        "Protokoll Ihres Review-Gesprächs",
        "ein Review-Gespräch ist festgehalten. Bitte nehmen Sie es zur Kenntnis oder lehnen Sie es ab.",
    )
