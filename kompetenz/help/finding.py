"""Articles of the help found by words: whatever their case, with or without umlauts and accents. No Django in here."""

import re
from collections.abc import Iterable, Mapping

from kompetenz.help.articles import ARTICLES, OTHER_WORDS, Article
from kompetenz.people.names import in_key

AROUND = 60  # letters of a text on each side of what was found in it
MARKUP = re.compile(r"<[^>]+>")
IN_TITLE, IN_SUMMARY, IN_TEXT = 100, 10, 1  # what a word weighs, by where it stands


def plain(html: str) -> str:
    """What a text says, in one line."""
    return " ".join(MARKUP.sub(" ", html).split())


def found(words: Iterable[str], texts: Mapping[str, str]) -> list[tuple[Article, str]]:
    """The articles in which every one of ``words`` stands, those that are most about them first, each with where it says so.

    ``texts`` are what the articles say, by their words. A word is found within longer ones, too.
    """
    keys = [key for key in map(in_key, words) if key]
    weighed = [(weight(article, keys, texts[article.word]), article) for article in ARTICLES]
    best = sorted((one for one in weighed if keys and one[0]), key=lambda one: -one[0])
    return [(article, passage(texts[article.word], keys)) for _, article in best]


def weight(article: Article, keys: Iterable[str], text: str) -> int:
    """How much an article is about the words with these keys; 0 if one of them stands nowhere in it."""
    places = (
        (IN_TITLE, in_key(article.title)),
        (IN_SUMMARY, in_key(f"{article.about} {OTHER_WORDS.get(article.word, '')}")),
        (IN_TEXT, in_key(text)),
    )
    weights = [sum(worth * min(said.count(key), 9) for worth, said in places) for key in keys]
    return sum(weights) if all(weights) else 0


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
