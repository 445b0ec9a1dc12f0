"""What of a participation is noted in the access log, and in which role whoever reads it stands to the person (ADR 49)."""

from kompetenz.people.models import may_deputise
from kompetenz.privacy.access_log import accesses
from kompetenz.privacy.access_log.models import Access

What, How, Role = Access.What, Access.How, Access.Role


def read(request, what, participation, how=How.READ):
    """Note that whoever asks reads this of the participation, also where a form comes back; that it was changed is noted where it is."""
    note(request.user, what, how, participation)


def note(by, what, how, participation):
    """The same for what ``by`` reads, changes or takes along; of the person themself, and of the command line (None), nothing.

    In the caller's transaction. The role costs no query, but for HR that acts for somebody.
    """
    if by is not None and by.pk != participation.person_id:
        role, instead_of = role_of(participation, by)
        about = {"role": role, "instead_of": instead_of, "round_id": participation.round_id}
        accesses.note(by, what, how, [participation.person_id], **about)


def note_of_team(by, what, participations, how=How.READ):
    """The same of many people whom ``by`` leads: of each once, in whatever rounds; of their own nothing. No query beside the one."""
    entries = ((row.person_id, what, how, 0, *side_of(row, by)) for row in participations)
    accesses.note_all(by, entries)


def note_history(by, participation):
    """Note that ``by`` reads how a person has grown, over all rounds they read; ``participation`` is one of these."""
    if by.pk != participation.person_id:
        role, instead_of = role_of(participation, by)
        accesses.note(by, What.GROWTH, How.READ, [participation.person_id], role=role, instead_of=instead_of)


def role_of(participation, reader):
    """(role, id of the manager for whom a deputy acts) in which ``reader``, who may read it and is not the person, does so."""
    if reader.is_hr and reader.pk == participation.manager_id != participation.person.manager_id:
        return Role.HR, None  # once their manager, and no more
    if reader.pk == participation.manager_id:
        return Role.MANAGER, None
    if reader.pk == participation.person.manager_id and (not reader.is_hr or participation.is_opened_to(reader)):
        return Role.MANAGER, None  # of an earlier round, with the person's consent
    if reader.is_hr and not (may_deputise(reader) and participation.is_managed_by(reader)):
        return Role.HR, None
    return side_of(participation, reader)


def side_of(participation, reader):
    """The same of whoever acts on the manager's side."""
    is_manager = reader.pk == participation.manager_id
    return (Role.MANAGER, None) if is_manager else (Role.DEPUTY, participation.manager_id)
