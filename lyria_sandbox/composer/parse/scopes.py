"""What a prompt does not want, wants less of, or only tells about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from lyria_sandbox.composer.parse.instruments import instruments_in
from lyria_sandbox.composer.parse.reader import Reader
from lyria_sandbox.composer.parse.tempo import WORDS
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS, Instrument
from lyria_sandbox.composer.tables.moods import MOODS, Mood
from lyria_sandbox.composer.tables.related import RELATED

ALL_GENRES: Mapping[str, Genre] = {**GENRES, **RELATED}

_ARTICLES = r"(?:(?:a|an|any|any kind of|the|more|other|of) )*"
_EXCLUDING = re.compile(
    r"\b(?:no(?! (?:doubt|longer|matter|limits?)\b)|without|avoid(?:ing)?|exclud(?:e|es|ing)"
    r"|(?:don'?t|do not|does not|doesn'?t|never) (?:use|want|add|include|play|have|need)"
    r"|(?:is|are|was|should|must)n't(?! (?:only|just|too|so|very)\b)(?: (?:be|use|have|include))?"
    r"|neither|minus|(?:swap|replace|trade|ditch|take out)(?: out)?"
    r"|(?:the )?(?:exact |very |complete )?opposite of"
    r"|lacking|free of|skip|leave out|drop the"
    r"|remov(?:e|ing)|omit(?:ting)?|never|nor|not(?! (?:only|just|necessarily|too|so"
    r"|very|overly|that)\b)"
    r"|(?:any ?thing|every ?thing|all|any (?:genre|style)|whatever)(?: else)? (?:but"
    r"|except(?: for)?|other than)"
    r"|(?:other|rather) than|except(?: for)?|instead of)\s+" + _ARTICLES
)
_NOT_TOO = (
    r"(?:\bnot|n't) (?:too|so|very|overly|that|all that)\s+(?!much\b|many\b|loud\b)([a-z][\w-]*)"
)
_UNHURRIED = (
    r"\b(?:never|not|no|without|doesn't|isn't|in no|zero) (?:be |ever |any |a )*"
    r"(?:hurr(?:y|ies|ying|ied)|rush(?:es|ing|ed)?|haste)\b"
)
_NOTHING_BUT = (
    r"\b(?:nothing|no (?:(?:other|more) )?instruments?)(?: else)?"
    r" (?:but|except(?: for)?|other than|besides|apart from)\b"
)
_RATHER = re.compile(r"\b(?:rather|sooner|preferably)\s+([\w' -]{2,30}?),?\s+than\s+(?!\d)")
_LESS = re.compile(
    r"\b(?:(?:a (?:bit|little) )?less|fewer|(?:hardly|barely) any|almost (?:no|without(?: any)?)"
    r"|without (?:too )?(?:much|many)|faint|subtle|unobtrusive|reduced|quieter"
    r"|not (?:too|so) (?:much"
    r"|many|loud)|low on|go easy on)\s+"
    r"(?:of )?(?:the )?"
)
_BEHIND = re.compile(
    r"\b([a-z][a-z -]{2,24}?)\s+(?:(?:should (?:be|stay)|is|are|stays?|kept|sits?)\s+)?"
    r"(?:(?:only |just |very |far |way |low )*(?:barely (?:audible|there)|low in the mix"
    r"|quiet in the mix|(?:low )?in the background|further back))\b"
)
_MORE = re.compile(
    r"\b(?:(?:a (?:bit|little) |much |way )?more|louder|prominent|dominant|extra|lots of|plenty of"
    r"|heavy on)\s+(?:of )?(?:the )?"
)
_NONE = re.compile(r"\b([a-z][a-z &-]{1,24}?)\s*[:=]\s*(?:none|no|off|nil|n/a|without)\b(?! [a-z])")
_FREE = re.compile(r"\b([a-z][a-z ]{1,20}?)[- ]free\b")
_LACKING = re.compile(r"\b(drum|beat|percussion|guitar|vocal|voice|piano|synth)-?less\b")
_LINK = re.compile(r"\s*(?:,\s*(?:(?:and|or|nor|no)\s+)?|\b(?:and|or|nor)\b\s*|/)\s*" + _ARTICLES)
_MODIFIERS = r"(?:[a-z][\w'-]* )?"

_TOPIC = re.compile(
    r"\b(?:about|on the subject of|(?:that )?tells? (?:the|a) stor(?:y|ies) of|titled"
    r"|called|dedicated to)\s+"
    r"(?![\d~])(?:[^,.;:\n](?!\b(?:with|for|featuring|played by|in the style of"
    r"|instrumental|at \d)\b))*"
)
_STYLE_OF = re.compile(
    r"\b(a la|à la|(?:in|after) the (?:style|vein|manner|spirit) of|styled? (?:of"
    r"|after)|sounds? like|sounding like"
    r"|reminiscent of|similar to|inspired by|influenced by|like|style)\s+",
)
_NAME = re.compile(
    r"(?:[A-Z][\w.'&-]*)(?:(?:\s+(?:and|&|of|the|de|von|van|meets|x))*\s+[A-Z][\w.'&-]*)*"
)
_LOOSE_NAME = re.compile(r"[\w.'&-]+(?: [\w.'&-]+){0,2}")


@dataclass
class Scopes:
    """What lies under a negation or a degree.

    Attributes:
        instruments: Those not wanted.
        genres: Those not wanted.
        moods: Those not wanted.
        text: Everything that is not wanted, as text.
        quieter: Instruments of which less is wanted.
        louder: Instruments of which more is wanted.
        not_slow: Whether it is not to be slow.
        not_fast: Whether it is not to be fast.
        only: Whether nothing else is to play.
        unread: What is not wanted and was not understood.
    """

    instruments: list[Instrument] = field(default_factory=list)
    genres: list[Genre] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)
    text: str = ""
    quieter: list[Instrument] = field(default_factory=list)
    louder: list[Instrument] = field(default_factory=list)
    not_slow: bool = False
    not_fast: bool = False
    only: bool = False
    unread: list[str] = field(default_factory=list)

    def exclude(self, phrase: str) -> bool:
        """Add a phrase to what is not wanted, and tell whether it was understood."""
        self.text += f" , {phrase}"
        instruments = instruments_in(phrase)
        genres = [genre for genre in ALL_GENRES.values() if re.search(genre.pattern, phrase)]
        moods = [mood for mood in MOODS if re.search(mood.pattern, phrase)]
        slow, fast = re.search(r"\bslow\w*", phrase), re.search(r"\bfast\w*|\bquick\w*", phrase)
        self.not_slow |= bool(slow)
        self.not_fast |= bool(fast)
        self.instruments += instruments
        self.genres += genres
        self.moods += moods
        return bool(instruments or genres or moods or slow or fast)


def read_scopes(reader: Reader) -> Scopes:
    """Take the phrases under a negation or a degree out of the text.

    "no drums, bass or guitars" excludes three; in "no drums, piano" the piano is wanted.
    """
    scopes = Scopes()
    while match := reader.take(_NOT_TOO):
        scopes.exclude(match[1])
    while reader.take(_UNHURRIED):
        scopes.not_fast = True
    while reader.take(_NOTHING_BUT):
        scopes.only = True
    for pattern in (_FREE, _NONE, _LACKING):
        _read_labels(reader, scopes, pattern)
    _read_degrees(reader, scopes)
    for match in list(_RATHER.finditer(reader.text)):
        # What is preferred stays where it is.
        reader.withdraw(match.start(), match.start(1))
        end = match.end() + _covered(reader.text[match.end() :])
        scopes.exclude(reader.withdraw(match.end(1), end).partition("than")[2])
    while match := _EXCLUDING.search(reader.text):
        rest = reader.text[match.end() :]
        phrase = rest[: _covered(rest) or _first_word(rest)]
        reader.withdraw(match.start(), match.end() + len(phrase))
        if not scopes.exclude(phrase) and phrase.strip():
            scopes.unread.append(phrase.strip())
    return scopes


def _read_degrees(reader: Reader, scopes: Scopes) -> None:
    """Read what less or more is wanted of: "less bass", "drums in the background"."""
    for match in list(_LESS.finditer(reader.text)):
        phrase = reader.text[match.end() : match.end() + _covered(reader.text[match.end() :])]
        less = instruments_in(phrase)
        if less or any(re.search(mood.pattern, phrase) for mood in MOODS):
            scopes.quieter += less
            if not less:
                scopes.exclude(phrase)
            reader.withdraw(match.start(), match.end() + (0 if less else len(phrase)))
    for match in list(_BEHIND.finditer(reader.text)):
        behind = instruments_in(match[1])
        scopes.quieter += behind[-1:]
        if behind:
            reader.mark(match.end(1), match.end())
    for match in list(_MORE.finditer(reader.text)):
        phrase = reader.text[match.end() : match.end() + _covered(reader.text[match.end() :])]
        scopes.louder += instruments_in(phrase)


def _read_labels(reader: Reader, scopes: Scopes, pattern: re.Pattern[str]) -> None:
    for match in list(pattern.finditer(reader.text)):
        phrase = match[1]
        if (
            instruments_in(f"{phrase}s")
            or instruments_in(phrase)
            or re.search(r"\blyrics?\b", phrase)
        ):
            understood = scopes.exclude(phrase) or scopes.exclude(f"{phrase}s")
            if not understood:
                scopes.exclude("vocals")
            reader.withdraw(*match.span())


@cache
def _known() -> tuple[re.Pattern[str], ...]:
    patterns = [
        *(instrument.pattern for instrument in INSTRUMENTS),
        *(genre.pattern for genre in ALL_GENRES.values()),
        *(mood.pattern for mood in MOODS),
        *(pattern for pattern, _ in WORDS),
        r"\b(?:lyrics|words|singing)\b",
    ]
    return tuple(
        re.compile(rf"{_MODIFIERS}(?:{pattern})(?: sounds?| parts?| tempos?)?")
        for pattern in patterns
    )


def _covered(phrase: str) -> int:
    """Tell how many letters of a phrase an operator covers: linked known terms, or none."""
    position, end = 0, 0
    while True:
        best = max((m.end() for p in _known() if (m := p.match(phrase, position))), default=0)
        if not best:
            return end
        end = best
        link = _LINK.match(phrase, end)
        if not link or not link[0].strip():
            return end
        if "," in link[0] and not _list_continues(phrase[link.end() :], link[0]):
            return end
        position = link.end()


def _list_continues(rest: str, link: str) -> bool:
    """Return whether a comma continues an exclusion: "no drums, bass or guitars", not "piano"."""
    if re.search(r"\b(?:or|nor|and|no)\b", link):
        return True
    return re.match(r"[\w' -]+,? (?:or|nor) ", rest) is not None


def _first_word(text: str) -> int:
    word = re.match(r"[^\s,.;:]+", text)
    return word.end() if word else 0


def hide_topics(reader: Reader) -> None:
    """Hide what the song is about, and names of artists: their words name no genre.

    "about 100" is no topic, and in "in the style of classic rock" there is no name.
    """
    for match in list(_TOPIC.finditer(reader.text)):
        start = match.start() + len(match[0].split(maxsplit=1)[0])
        reader.hide(start, match.end())
    for start, end in list(_names(reader)):
        reader.hide(start, end)


def _names(reader: Reader) -> Iterator[tuple[int, int]]:
    for match in _STYLE_OF.finditer(reader.text):
        name = _NAME.match(reader.original, match.end())
        if not name and match[1] in ("a la", "à la"):
            name = _LOOSE_NAME.match(reader.original, match.end())
        if name and reader.text[name.start() : name.end()].strip() and not _is_description(name[0]):
            yield name.span()


def _is_description(name: str) -> bool:
    """Return whether every word of what looks like a name is one that the composer knows."""
    words = name.lower()
    for pattern in _known():
        words = re.sub(pattern.pattern.removeprefix(_MODIFIERS), " ", words)
    return not re.search(r"[^\W\d_]{3,}", words)
