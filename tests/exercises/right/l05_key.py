"""Right answers to "make one key of many spellings"."""

from exercises.wrong.l05_key import JOIN, WORDS, but

RIGHT = [
    ("words of two letters or more", but(r"\w+", r"\w\w+")),
    ("the model's own words", but(r"\w+", r"(?u)\b\w\w+\b")),
    (
        "letter by letter",
        but(WORDS, '"".join(c if c.isalnum() else " " for c in sentence.lower()).split()'),
    ),
    ("marks to spaces", but(WORDS, r're.sub(r"[^\w\s]", " ", sentence.lower()).split()')),
    ("split at what is no word", but(WORDS, r'filter(None, re.split(r"\W+", sentence.lower()))')),
    ("an apostrophe within a word stays", but(r"\w+", r"\w+(?:'\w+)*")),
    ("lowered at the end", but("sentence.lower()", "sentence", JOIN, f"{JOIN}.lower()")),
    ("in capitals", but("sentence.lower()", "sentence", JOIN, f"{JOIN}.upper()")),
    ("joined by a hyphen", but(JOIN, '"-".join(words)')),
    (
        "string.punctuation to spaces",
        but(
            WORDS,
            "sentence.lower().translate({ord(c): ' ' for c in __import__('string').punctuation}).split()",
        ),
    ),
]
