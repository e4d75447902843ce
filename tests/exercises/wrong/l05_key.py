"""Wrong answers to "make one key of many spellings"."""

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
        "'alien 2 is good'",
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
]
