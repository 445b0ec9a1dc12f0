"""Who is not there to act or to answer today, in words: else pages would name who does nothing any more."""

from assessments.models import TalkProgress
from kompetenz.people.models import Deputy


def nobody_leads(participation):
    """Why Fremdeinschätzung and talk do not go on; "" where somebody acts, or nothing of it is to be done any more.

    ``participation`` comes with round, person and manager. A query only where the manager cannot act.
    """
    row = participation
    if not row.goes_on or row.talk_state >= TalkProgress.RECORDED:
        return ""
    return why_nobody_acts(row)


def why_nobody_acts(participation):
    """Why nobody acts on the manager's side in a running round; "" where somebody does, the manager or a deputy of theirs.

    A query only where the manager cannot.
    """
    row, manager = participation, participation.manager
    leads = manager is not None and not row.has_lost_its_manager
    if leads and (manager.can_sign_in or Deputy.acting_for([row.person_id]).exists()):
        return ""
    if leads or (manager and not manager.is_employed):
        return absence(manager, row.manager_name)
    return f"{row.manager_name} ist nicht mehr Ihre Führungskraft."


def absence(one, name):
    """Why this person, who may be nobody any more, cannot act or answer."""
    if one and one.is_employed:
        return f"{name} hat keine E-Mail-Adresse und kann sich nicht anmelden."
    return f"{name} arbeitet zurzeit nicht hier."


def who_corrects(participation):
    """Who can change a record of the talk that the person sends back, in a sentence for them."""
    if why := why_nobody_acts(participation):
        return f"{why} Ändern kann sie Ihre neue Führungskraft, sobald die Personalentwicklung ihr die Teilnahme übergeben hat."
    name = participation.manager_name
    return f"Ändern kann sie {name if participation.manager.can_sign_in else f'jemand in Vertretung für {name}'}."


def is_not_asked(participation):
    """Why the person is not asked for anything that is put before them today, in words for who does so; "" where they are."""
    if not participation.person.can_sign_in:
        return f"Zurzeit ist niemand da, der antworten kann: {absence(participation.person, participation.person_name)}"
    return is_asked_later(participation.person_name) if participation.rests else ""


def is_asked_later(name):
    return f"Die Teilnahme ruht zurzeit. {name} wird gefragt, sobald sie weitergeht."
