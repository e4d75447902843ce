"""Exercise: one key for all spellings that the model reads alike (lesson 05)."""

import itertools
import re

from lessons_lib.exercises.probes import expect, fail, instance

NAME = "text_key"
TITLE = "Make one key of many spellings"
MINUTES = 8
ORDER = 3
HINTS = [
    "The model reads words in their order: neither case, nor spaces, nor punctuation. Keep just that. "
    '`re.findall(r"\\w+", text)` gives the words of a text as a list.',
    'Lower the sentence first, then find its words: `re.findall(r"\\w+", sentence.lower())`.',
    'Join the words with one space: `" ".join(words)`.',
]
FAILURES = {
    "no_text": "A key is a text; for {sentence!r} you return {got}.",
    "case": "{one!r} and {two!r} got two keys. The model lowers every letter, so their prediction is "
    "the same.",
    "spaces": "{one!r} and {two!r} got two keys. Spaces at the ends, tabs and double spaces say "
    "nothing.",
    "punctuation": "{one!r} and {two!r} got two keys. The model drops punctuation, in the middle as "
    "at the end.",
    "marks": "{one!r} and {two!r} got two keys. Punctuation of any kind says nothing to the model; take "
    "the words by what they are made of.",
    "order": "{one!r} and {two!r} share a key. The model reads pairs of words, so the order counts: "
    "one of the two would be served the other's prediction.",
    "words": "{one!r} and {two!r} share a key, but the model reads more in one than in the other. A "
    "hit that is wrong is worse than a miss: keep every word, as often as it comes.",
    "glued": "{one!r} and {two!r} share a key. To the model an apostrophe parts two words, so "
    "dropping it makes another word. Put a space in its place.",
    "reads": "In {one!r} word {n} of those that the model reads is {wanted!r}; in your key it reads {got} there. A "
    "table is computed from the keys, so a key holds all that the model reads, up to the last word.",
    "again": "The key of a key should be that key; {one!r} gives {two!r}.",
}
PAIRS = {
    "case": [("A fine film", "a FINE film"), ("Été", "ÉTÉ")],
    "spaces": [("a fine film", "  a fine\tfilm "), ("a good story", "a  good story")],
    "punctuation": [
        ("a fine film", "a fine film!"),
        ("a fine, warm film", "a fine warm film ..."),
        ('"fine" -- and warm', "fine and warm"),
    ],
    "order": [("not bad, good", "not good, bad"), ("it is good", "is it good")],
    "words": [
        ("not a good film", "a good film"),
        ("a good, good film", "a good film"),
        ("good, and long", "good, but long"),
        ("rocky 12 is good", "rocky 13 is good"),
        ("the room is good", "room is good"),
        ("résumé of a life", "resume of a life"),
        ("Zoë is good", "Zoé is good"),
        ("a fine, warm film about bees", "a fine, warm film about love"),
    ],
    "glued": [("its end is weak", "it's end is weak")],
    "marks": [("(a 'fine' film; well-made: 9/10 & warm?)", "a fine film well made 9 10 warm")],
}
"""Spellings that the model reads alike, and sentences that it does not, by what tells them apart."""
ALIKE = ("case", "spaces", "punctuation", "marks")
LONG = 4 * (
    "In 1999 an usher of the old Café Se7en was asked, again and again, why the best films of the "
    "year were not the longest ones; he'd say that nobody, himself included, had ever been seen "
    "leaving his 12 seats before the very last of the songs had ended, whatever the critics wrote. "
)


def text_key(sentence):
    words = re.findall(r"\w+", sentence.lower())
    return " ".join(words)


def check(candidate):
    sentences = {sentence for many in PAIRS.values() for pair in many for sentence in pair}
    keys = {sentence: candidate(sentence) for sentence in sorted(sentences | {LONG})}
    for sentence, key in keys.items():
        instance(key, str, "no_text", sentence=sentence)
    _faithful("a good story", keys["a good story"])
    for code, many in PAIRS.items():
        for one, two in many:
            if (keys[one] == keys[two]) != (code in ALIKE):
                fail(code, one=one, two=two)
    for sentence, key in keys.items():
        _faithful(sentence, key)
        expect(candidate(key), key, "again", one=key, two=candidate(key))


def _faithful(sentence, key):
    """Fail unless the model reads the same words in both: two letters or more, in lower case."""
    read = [re.findall(r"\w\w+", text.lower()) for text in (sentence, key)]
    for n, (wanted, got) in enumerate(itertools.zip_longest(*read, fillvalue="nothing"), 1):
        expect(got, wanted, "reads", one=sentence, n=n)
