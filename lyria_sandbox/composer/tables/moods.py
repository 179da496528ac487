"""Moods and what each does to the music."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mood:
    """A mood a prompt may name.

    Attributes:
        name: What it is called in the answer.
        pattern: Regular expression of the words that name it.
        mode: The mode it prefers, or "" when it has no opinion.
        tempo: Factor on a tempo that was not asked for in numbers.
        intensity: Added to the intensity of every section.
        brightness: Added to the brightness of the master, in dB at 8 kHz.
    """

    name: str
    pattern: str
    mode: str
    tempo: float
    intensity: float
    brightness: float = 0.0


MOODS: tuple[Mood, ...] = (
    Mood(
        "sad",
        r"\b(sad|melanchol\w*|heartbreak\w*|lonely|grief|somber|sorrow\w*|wistful|bittersweet|rainy"
        r"|mournful|tearful|reflective|gloomy|pensive|longing|yearning|sentimental|tragic"
        r"|solemn|moody)\b",
        "minor",
        0.88,
        -0.15,
        -1.0,
    ),
    Mood(
        "dark",
        r"\b(dark|ominous|sinister|menacing|haunting|scary|horror|eerie|gothic"
        r"|brooding|evil|creepy|spooky|gritty|sombre)\b",
        "phrygian",
        0.95,
        0.0,
        -1.5,
    ),
    Mood(
        "happy",
        r"\b(happy|joyful|friendly|festive|lively|silly|quirky|light-?hearted|euphoric|cheerful"
        r"|bouncy|breezy|cheeky|childlike|comical|funny|innocent|vibrant|ecstatic|swinging"
        r"|uplifting|sunny|bright|upbeat|playful|fun|summer\w*|hopeful"
        r"|triumphant|optimistic|feel-?good|carefree"
        r"|celebrat\w*|victor\w*|whimsical)\b",
        "major",
        1.06,
        0.1,
        1.0,
    ),
    Mood(
        "calm",
        r"\b(calm\w*|peaceful|relax\w*|gentle|soft|soothing|tranquil|serene|mellow|tender(?:-hearted)?|quiet"
        r"|intimate|warm|cozy|sweet|smooth|focused|unhurried|meditative"
        r"|chilled|cosy|thoughtful|contemplative|sacred|light(?!-?hearted)"
        r"|chill(?!-?hop))\b",
        "",
        0.88,
        -0.2,
        -0.5,
    ),
    Mood(
        "dreamy",
        r"\b(dream(?:y|like|scape)|ethereal|magical|wonder\w*|floating|celestial|otherworldly"
        r"|mystical|enchanting|atmospheric(?! synths?)"
        r"|cosmic|hypnotic|nocturnal|glittering|wintry)\b",
        "lydian",
        0.94,
        -0.1,
    ),
    Mood(
        "energetic",
        r"\b(energetic|energy|driving|intense|powerful|aggressive|explosive|hype|anthemic|frantic"
        r"|fierce|fiery|relentless|pumping|angry|furious|chaotic"
        r"|restless|raw|groovy|heavy)\b",
        "",
        1.08,
        0.2,
        1.0,
    ),
    Mood(
        "nostalgic",
        r"\b(mysterious|nostalgi\w*|cool|noir|smoky|late[- ]night|enigmatic|vintage)\b",
        "dorian",
        1.0,
        -0.05,
    ),
    Mood(
        "tense",
        r"\b(tense|suspens\w*|urgent|anxious|nervous|thrilling|serious|dramatic)\b",
        "minor",
        1.04,
        0.1,
    ),
    Mood(
        "romantic",
        r"\b(romantic|love|sensual|passionate|heartfelt|loving|sexy|emotional)\b",
        "",
        0.95,
        -0.05,
    ),
    Mood(
        "heroic",
        r"\b(heroic|majestic|noble|grand(?! piano)|glorious|epic|proud|confident|determined"
        r"|inspir(?:ing|ational)|adventurous|bold|sweeping"
        r"|soaring|rousing|stirring|motivat(?:ing|ional)|stately)\b",
        "",
        1.0,
        0.12,
        0.5,
    ),
    Mood(
        "elegant",
        r"\b(elegant|sophisticated|luxur(?:y|ious)|expensive|refined|classy|stylish|glamorous)\b",
        "",
        0.97,
        -0.08,
        0.5,
    ),
)
