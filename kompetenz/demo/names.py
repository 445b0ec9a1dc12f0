"""Names for invented people: plausible in sound, put together from parts, belonging to nobody."""

import re
from random import Random

from kompetenz.people.names import fold

FIRST = (
    "Aaltje Adile Albrecht Alwine Amadou Anežka Anneliese Arif Ástríður Aurelie Bahar Bartłomiej Benedikt Birte Björn "
    "Bogdana Bruni Cemile Chioma Clemens Dagmar Đorđe Dilara Doreen Ebru Eckhard Edeltraud Eike Elżbieta Emre Esra Etienne "
    "Fadime Ferdinand Filiz Folkert Frauke Friedhelm Gesine Giulia Gönül Grzegorz Günther Hamza Hannelore Hedwig Heiko "
    "Henrike Hülya Ignaz Ilse Imke Ines İbrahim Jannik Jelena João Jördis Jürgen Kateryna Kerstin Kjell Konrad Kübra Lamin "
    "Leonie Lieselotte Ljubica Lorenz Łucja Magdalena Mareike Mehtap Mirjam Moritz Nadja Nasrin Niklas Noëlle Nuray Olaf "
    "Ömer Oxana Pál Patrizia Peer Quirin Raphaela Réka Roswitha Rüdiger Saskia Selçuk Siegfried Silke Søren Stanislava "
    "Svantje Tadeusz Tarek Thu Tjark Tülay Ulrike Ümit Valentin Veronika Viktória Wiebke Winfried Xaver Yasemin Yannick "
    "Zdeněk Zeynep"
).split()

STEMS = (
    "Acker Ahorn Birken Bruch Dorn Eichen Erlen Falken Fichten Garten Hasel Heide Holder Immen Kessel Kiefern Krähen "
    "Linden Lerchen Moor Mühlen Nebel Ober Pappel Quellen Reiher Rosen Schilf Schlehen Silber Stein Tannen Ulmen Wachtel "
    "Weiden Wiesen Wolken Ziegel"
).split()

ENDINGS = "bäcker brunn dörfer fels gruber hagen heimer hofer kamp leitner mair öder rieder schmied siepen thal winkler zander".split()

FAMILIES = (
    "Akyıldızhan Arslanbey Balázsfalvi Brzezińkowska Çamlıbelli Dąbrówczyk Diallobé Đurđevčić Fjällströmer Gökdağlı "
    "Håkonsdal Ibragimenko Jóźwiakowski Kovářovský Kärkkäjärvi Łazarczuk Mbekeani Međimurović Nguyễnhoa Nørregårdsen "
    "Okonjobi Özgürtepe Petrovskaja Quiñonero Răducăneanu Řezníčkovský Şenbahçe Sáenzverde Szőkeváry Tavarésio "
    "Thorvaldsdóttir Vandermeerle Wójtowska Yıldırımlar Žukauskienė"
).split()

DOUBLE = 0.09  # the share of people with a double name
FROM_ELSEWHERE = 0.3  # the share of family names that are no German compounds

SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ð": "d"})
LONGEST = 64  # what may stand before the @


def family_name(rng: Random) -> str:
    if rng.random() < FROM_ELSEWHERE:
        return rng.choice(FAMILIES)
    return rng.choice(STEMS) + rng.choice(ENDINGS)


def full_name(rng: Random) -> tuple[str, str]:
    """A pair of first and family name."""
    last = family_name(rng)
    if rng.random() < DOUBLE:
        last = f"{last}-{family_name(rng)}"
    return rng.choice(FIRST), last


def mailbox(first: str, last: str) -> str:
    """What stands before the @: "Jürgen O'Neill-Çelik" becomes "juergen.oneill-celik"."""
    box = ".".join(
        re.sub(r"[^a-z0-9-]", "", fold(part.lower().translate(SPELLED).replace(" ", "-"))) for part in (first, last)
    )
    return box[:LONGEST].rstrip("-")
