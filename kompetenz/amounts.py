"""How an amount is written: ``1.250,50 €``, ``−320,00 €``, ``12,5`` hours. In a workbook it is a number. No Django in here."""

from decimal import ROUND_HALF_UP, Decimal

AS_IN_GERMAN = str.maketrans({",": ".", ".": ",", "-": "\N{MINUS SIGN}"})


def euros(amount: Decimal | int, places: int = 2) -> str:
    """``amount`` with its cents, with 0 ``places`` rounded, with -2 in whole euros where there are no cents."""
    if places < 0:
        places = 0 if amount == int(amount) else -places
    rounded = (
        Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    )  # nothing is below zero only rounded
    return f"{rounded:,f}".translate(AS_IN_GERMAN) + "\N{NO-BREAK SPACE}€"


def hours(number: Decimal) -> str:
    """``number`` of hours to a tenth, and no tenth where there is none."""
    return f"{number:,.1f}".removesuffix(".0").translate(AS_IN_GERMAN)
