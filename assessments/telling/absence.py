"""That nobody leads the person in a running round today, in words for them: else their page would go on naming who is not there."""

from assessments.models import TalkProgress
from kompetenz.people.models import Deputy


def nobody_leads(participation):
    """Why Fremdeinschätzung and talk do not go on; "" where somebody acts, or nothing of it is to be done any more.

    ``participation`` comes with round, person and manager. A query only where the manager cannot act.
    """
    row, manager, name = participation, participation.manager, participation.manager_name
    if not row.goes_on or row.talk_state >= TalkProgress.RECORDED:
        return ""
    if manager and manager.pk == row.person.manager_id and manager.can_sign_in:
        return ""
    if Deputy.acting_for([row.person_id]).exists():
        return ""
    if manager and not manager.is_employed:
        return f"{name} arbeitet zurzeit nicht hier."
    if manager and manager.pk == row.person.manager_id:
        return f"{name} hat keine E-Mail-Adresse und kann sich nicht anmelden."
    return f"{name} ist nicht mehr Ihre Führungskraft."
