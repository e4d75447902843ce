"""Exercise: one key for all spellings that the model reads alike (lesson 05)."""

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
    "order": "{one!r} and {two!r} share a key. The model reads pairs of words, so the order counts: "
    "one of the two would be served the other's prediction.",
    "words": "{one!r} and {two!r} share a key, but the model reads more in one than in the other. A "
    "hit that is wrong is worse than a miss: keep every word, as often as it comes.",
    "glued": "{one!r} and {two!r} share a key. To the model an apostrophe parts two words, so "
    "dropping it makes another word. Put a space in its place.",
    "again": "The key of a key should be that key; {one!r} gives {two!r}.",
}
SAME = {
    "case": [("A fine film", "a FINE film")],
    "spaces": [("a fine film", "  a fine\tfilm "), ("a fine film", "a  fine film")],
    "punctuation": [
        ("a fine film", "a fine film!"),
        ("a fine, warm film", "a fine warm film ..."),
        ('"fine" -- and warm', "fine and warm"),
    ],
}
APART = {
    "order": [("not bad, good", "not good, bad"), ("it is good", "is it good")],
    "words": [
        ("not a good film", "a good film"),
        ("a good, good film", "a good film"),
        ("good, and long", "good, but long"),
        ("alien 2 is good", "alien 3 is good"),
        ("résumé of a life", "resume of a life"),
        ("a fine, warm film about bees", "a fine, warm film about love"),
    ],
    "glued": [("its end is weak", "it's end is weak")],
}


def text_key(sentence):
    words = re.findall(r"\w+", sentence.lower())
    return " ".join(words)


def check(candidate):
    pairs = [*SAME.items(), *APART.items()]
    sentences = sorted({sentence for _, many in pairs for pair in many for sentence in pair})
    keys = {sentence: candidate(sentence) for sentence in sentences}
    for sentence, key in keys.items():
        instance(key, str, "no_text", sentence=sentence)
    for code, many in pairs:
        for one, two in many:
            if (keys[one] == keys[two]) != (code in SAME):
                fail(code, one=one, two=two)
    for key in keys.values():
        expect(candidate(key), key, "again", one=key, two=candidate(key))
