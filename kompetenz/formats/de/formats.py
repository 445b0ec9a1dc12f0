"""How Django writes a date in words: no line ends between the day and its month."""

DATE_FORMAT = "j.\xa0F Y"
DATETIME_FORMAT = f"{DATE_FORMAT}, H:i"
