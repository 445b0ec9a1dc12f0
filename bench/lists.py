"""A staff list as the benches and tests take it in, without a page that asks what its columns are."""


def read_table(content):
    """The list in a file as it is guessed to be read; raises Refused where there is none."""
    from kompetenz.people.staff.choosing import Choices, table_as
    from kompetenz.people.staff.mapping import guess
    from kompetenz.people.staff.raw_lists import read_raw

    raw = read_raw(content)
    return table_as(raw, Choices(raw.likeliest, raw.charset, guess(raw.sheets[raw.likeliest])))
