"""Articles of the help found by words: whatever their case, with or without umlauts and accents. No Django in here."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from kompetenz.help.articles import ARTICLES, OTHER_WORDS, Article
from kompetenz.people.names import in_key

AROUND = 60  # letters of a text on each side of what was found in it
MARKUP = re.compile(r"<[^>]+>")
IN_TITLE, IN_SUMMARY, IN_TEXT = 1000, 100, 10  # what a word weighs that begins there; one within a longer word a tenth
ALIKE = 0.8  # as much has a word that stands nowhere to be like one that does
MISTYPED = 3  # so many of them are looked up
SHORTEST_WITHIN = 4  # letters; shorter ones stand within too many that mean something else
FILLING = frozenset(
    "der die das den dem des ein eine einen einem einer eines und oder ich mich mir mein meine meinen meinem "
    "meiner wir uns sie ihr ihre man es sich wer wie was wo wann warum wieso welche welcher welches ist sind bin "
    "hat habe haben wird werden kann muss darf will möchte mit von zu zum zur im in an am auf für bei über nach "
    "aus da hier mal bitte noch schon auch nur nicht kein keine keinen geht gibt mache machen macht gemacht tun "
    "wenn dass".split()
)  # words that questions are asked with


def plain(html: str) -> str:
    """What a text says, in one line."""
    return " ".join(MARKUP.sub(" ", html).split())


def found(words: Iterable[str], texts: Mapping[str, str]) -> list[tuple[Article, str]]:
    """The articles in which most of ``words`` stand, those that are most about them first, each with where it says so.

    ``texts`` are what the articles say, by their words. A word is found within longer ones, too; those that only make a question of
    it count where there are no others.
    """
    asked = [word.strip("?!.,;:„“\"'()").casefold() for word in words]
    keys = [key for key in map(in_key, [word for word in asked if word not in FILLING] or asked) if key]
    keys = as_meant(keys, texts)
    weighed = [(weights(article, keys, texts[article.word]), article) for article in ARTICLES]
    most = max(sum(map(bool, each)) for each, _ in weighed) or 1
    best = sorted((one for one in weighed if sum(map(bool, one[0])) == most), key=lambda one: -sum(one[0]))
    return [(article, passage(texts[article.word], keys)) for _, article in best]


def as_meant(keys: list[str], texts: Mapping[str, str]) -> list[str]:
    """The keys; one that stands nowhere becomes that of the word that is written most like it, if there is one."""
    said = in_key(
        " ".join(f"{one.title} {one.about} {OTHER_WORDS.get(one.word, '')} {texts[one.word]}" for one in ARTICLES)
    )
    unknown = [key for key in dict.fromkeys(keys) if key not in said][:MISTYPED]
    known = sorted(set(re.findall(r"\w+", said))) if unknown else []
    meant = {key: (get_close_matches(key, known, n=1, cutoff=ALIKE) or [key])[0] for key in unknown}
    return [meant.get(key, key) for key in keys]


def weights(article: Article, keys: Iterable[str], text: str) -> list[int]:
    """How much an article is about each of the words with these keys; 0 for one that stands nowhere in it."""
    places = (
        (IN_TITLE, in_key(article.title)),
        (IN_SUMMARY, in_key(f"{article.about} {OTHER_WORDS.get(article.word, '')}")),
        (IN_TEXT, in_key(text)),
    )
    return [sum(worth * times(key, said) // 10 for worth, said in places) for key in keys]


def times(key: str, said: str) -> int:
    """How often words begin with it, ten for each, and how often it stands within others; nothing counts more than nine times."""
    first = len(re.findall(rf"\b{re.escape(key)}", said))
    within = said.count(key) - first if len(key) >= SHORTEST_WITHIN else 0
    return 10 * min(first, 9) + min(within, 9)


def passage(text: str, keys: Iterable[str]) -> str:
    """A few words around the first place at which one of the keys stands; "" if they all stand elsewhere."""
    words = text.split()
    at = next((place for place, word in enumerate(words) if any(key in in_key(word) for key in keys)), None)
    if at is None:
        return ""
    first, last = at, at + 1
    while first > 0 and len(" ".join(words[first:at])) < AROUND:
        first -= 1
    while last < len(words) and len(" ".join(words[at:last])) < AROUND:
        last += 1
    return f"{'… ' if first else ''}{' '.join(words[first:last])}{' …' if last < len(words) else ''}"
