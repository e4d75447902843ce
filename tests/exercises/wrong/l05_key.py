"""Wrong answers to "make one key of many spellings"."""

from exercises.variants import changes

but = changes("l05_key")
WORDS = 're.findall(r"\\w+", sentence.lower())'
JOIN = '" ".join(words)'

WRONG = [
    (
        "the sentence itself",
        "def text_key(sentence):\n    return sentence",
        "case",
        "'A fine film' and 'a FINE film'",
    ),
    (
        "lower case only",
        "def text_key(sentence):\n    return sentence.lower()",
        "spaces",
        "tabs and double spaces",
    ),
    (
        "lower case and trimmed",
        "def text_key(sentence):\n    return ' '.join(sentence.lower().split())",
        "punctuation",
        "'a fine film!'",
    ),
    (
        "punctuation at the end only",
        "def text_key(sentence):\n    return ' '.join(sentence.lower().split()).rstrip('.! ')",
        "punctuation",
        "in the middle",
    ),
    (
        "sorted words",
        """
import re

def text_key(sentence):
    return " ".join(sorted(re.findall(r"\\w+", sentence.lower())))
""",
        "order",
        "'not good, bad'",
    ),
    (
        "short words dropped",
        """
import re

def text_key(sentence):
    return " ".join(re.findall(r"\\w{4,}", sentence.lower()))
""",
        "order",
        "the order counts",
    ),
    (
        "stop words dropped",
        """
import re

def text_key(sentence):
    words = re.findall(r"\\w+", sentence.lower())
    return " ".join(word for word in words if word not in {"a", "and", "but", "the"})
""",
        "words",
        "'good, but long'",
    ),
    (
        "repeats dropped",
        """
import re

def text_key(sentence):
    return " ".join(dict.fromkeys(re.findall(r"\\w+", sentence.lower())))
""",
        "words",
        "as often as it comes",
    ),
    (
        "punctuation cut out",
        """
import re

def text_key(sentence):
    return " ".join(re.sub(r"[^\\w\\s]", "", sentence.lower()).split())
""",
        "glued",
        "an apostrophe parts two words",
    ),
    (
        "a list of words",
        """
import re

def text_key(sentence):
    return re.findall(r"\\w+", sentence.lower())
""",
        "no_text",
        "A key is a text",
    ),
    (
        "a mark in front, at each call",
        """
import re

def text_key(sentence):
    return "k " + " ".join(re.findall(r"\\w+", sentence.lower()))
""",
        "again",
        "The key of a key",
    ),
    (
        "digits dropped",
        """
import re

def text_key(sentence):
    return " ".join(re.findall(r"[^\\W\\d]+", sentence.lower()))
""",
        "words",
        "'rocky 12 is good'",
    ),
    (
        "letters without their accents",
        """
import re, unicodedata

def text_key(sentence):
    plain = unicodedata.normalize("NFKD", sentence).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"\\w+", plain.lower()))
""",
        "words",
        "'résumé of a life'",
    ),
    (
        "the first words only",
        """
import re

def text_key(sentence):
    return " ".join(re.findall(r"\\w+", sentence.lower())[:5])
""",
        "words",
        "film about love",
    ),
    (
        "the first 100 words",
        but(JOIN, '" ".join(words[:100])'),
        "reads",
        "in your key it reads 'nothing'",
    ),
    ("the first 512 letters", but(JOIN, f"{JOIN}[:512]"), "reads", "up to the last word"),
    ("joined by nothing", but(JOIN, '"".join(words)'), "reads", "it reads 'agoodstory' there"),
    ("joined by lines that join", but(JOIN, '"_".join(words)'), "reads", "'a_good_story'"),
    (
        "articles dropped",
        but(JOIN, '" ".join(w for w in words if w not in ("a", "an", "the"))'),
        "words",
        "'the room is good' and 'room is good'",
    ),
    ("English letters only", but(r"\w+", "[a-z0-9]+"), "words", "'Zoë is good' and 'Zoé is good'"),
    ("every number is 0", but(JOIN, 're.sub(r"\\d+", "0", " ".join(words))'), "words", "'rocky 12"),
    (
        "an s at the end dropped",
        but(JOIN, '" ".join(w.rstrip("s") for w in words)'),
        "reads",
        "'wa'",
    ),
    ("-ing dropped", but(JOIN, 're.sub("ing( |$)", " ", " ".join(words))'), "reads", "'leaving'"),
    (
        "short forms written out",
        but(WORDS, WORDS.replace("lower()", """lower().replace("'d", " had")""")),
        "reads",
        "reads 'had' there",
    ),
    (
        "words with a digit dropped",
        but(JOIN, '" ".join(w for w in words if w.isalpha())'),
        "words",
        "rocky",
    ),
    ("a mark in front", but(JOIN, '"key " + " ".join(words)'), "reads", "it reads 'key' there"),
    ("a mark at the end", but(JOIN, '" ".join(words) + " x"'), "again", "x x"),
    (
        "a number in place of the words",
        but(JOIN, "hash(tuple(words))"),
        "no_text",
        "A key is a text",
    ),
    ("bytes", but(JOIN, f"{JOIN}.encode()"), "no_text", "b'"),
    (
        "common marks only",
        but(WORDS, "re.sub('[.,!?]', ' ', sentence.lower()).split()"),
        "punctuation",
        '"fine" -- and',
    ),
    ("double quotes kept", but(r"\w+", r"[\w\x22]+"), "punctuation", '"fine"'),
    ("marks but the slash", but(r"\w+", r"[\w/]+"), "marks", "Punctuation of any kind"),
]
