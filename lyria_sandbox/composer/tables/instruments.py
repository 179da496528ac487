"""Instruments that a prompt may name, the patch that plays each, and what it does in the band."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """An instrument by its names.

    Attributes:
        name: As said to people.
        pattern: Regular expression of its names.
        role: What it plays unless the piece needs it elsewhere: "comp" (chords), "lead", "arp"
            (broken chords), "pad", "bass", "drums", "percussion" or "voice".
        patch: The patch that plays it; "" takes the genre's own.
        stand_in: The name of the sound when it is another instrument's, else "".
        octave: Octaves above (or below) the melody's usual register.
        others: Regular expression of the instruments without a sound that it plays for.
    """

    name: str
    pattern: str
    role: str
    patch: str
    stand_in: str = ""
    octave: int = 0
    others: str = ""


def _i(
    name: str,
    pattern: str,
    role: str,
    patch: str,
    stand_in: str = "",
    octave: int = 0,
    others: str = "",
) -> Instrument:
    every = f"{pattern}|{others}" if others else pattern
    return Instrument(name, rf"\b(?:{every})s?\b", role, patch, stand_in, octave, others)


INSTRUMENTS: tuple[Instrument, ...] = (
    # Keyboards
    _i("FM electric piano", r"dx-?7|fm (?:electric )?piano|fm keys", "comp", "fmep"),
    _i(
        "electric piano",
        r"rhodes|electric pianos?|e-?piano|wurlitzer|fender rhodes",
        "comp",
        "epiano",
    ),
    _i("toy piano", r"toy piano", "lead", "celesta", "celesta", 1),
    _i("piano", r"(?:grand |upright |felt )?pianos?", "comp", "piano"),
    _i("keys", r"keys|keyboards?", "comp", "epiano"),
    _i("harpsichord", r"harpsichord|spinet", "comp", "harpsi"),
    _i("clavinet", r"clavinet|\bclav", "comp", "clav"),
    _i("church organ", r"(?:church|pipe|cathedral) organ", "comp", "church"),
    _i(
        "organ",
        r"(?:hammond |electric |drawbar )?organ|hammond(?: b3)?",
        "pad",
        "rockorgan",
    ),
    _i(
        "accordion",
        r"accordion|squeezebox",
        "lead",
        "accordion",
        others="harmonium|concertina|melodeon",
    ),
    _i("bandoneon", r"bandone[oó]n", "lead", "bandoneon"),
    _i("harmonica", r"harmonica|blues harp|mouth organ", "lead", "harmonica"),
    _i("kazoo", r"kazoos?|melodica", "lead", "harmonica", "harmonica"),
    _i("mellotron", r"mellotron", "pad", "slowstr", "slow strings"),
    # Bells and bars
    _i("sleigh bells", r"sleigh bells|jingle bells", "percussion", "jingle"),
    _i("celesta", r"celest[ae]", "lead", "celesta", octave=1),
    _i("glockenspiel", r"glockenspiel|orchestra bells", "lead", "glock", octave=1),
    _i("music box", r"music box", "lead", "musicbox", octave=1),
    _i("vibraphone", r"vibraphone|jazz vibes", "lead", "vibes"),
    _i("marimba", r"marimba", "arp", "marimba"),
    _i("xylophone", r"xylophone", "lead", "xylo", octave=1),
    _i("balafon", r"balafon", "arp", "marimba", "marimba"),
    _i("tubular bells", r"tubular bells|church bells|chimes|gongs?", "lead", "bells"),
    _i("bells", r"(?:haunting |dark |synth )?bells?", "arp", "bells2"),
    _i("singing bowls", r"(?:tibetan |singing )*bowls", "arp", "bells2", "bells"),
    _i("kalimba", r"kalimba|mbira|thumb piano", "arp", "kalimba"),
    _i("steel drum", r"steel ?drums?|steel ?pans?", "lead", "steeldrum"),
    _i("handpan", r"hand ?pan|hang drum", "arp", "steeldrum", "steel drum"),
    # Plucked strings
    _i(
        "nylon guitar",
        r"nylon(?:[- ]string)?(?: guitar)?|classical guitar|spanish guitar|flamenco guitar",
        "comp",
        "nylon",
    ),
    _i("jazz guitar", r"jazz guitar|archtop", "lead", "jazzgtr"),
    _i(
        "distorted guitar",
        r"(?:distort\w*|heavy|metal|crunchy|fuzzy?|chugging|down-?tuned)(?: electric)? guitars?",
        "comp",
        "dist",
    ),
    _i(
        "palm-muted guitar",
        r"palm[- ]muted?(?: guitars?)?|muted (?:electric )?guitars?",
        "arp",
        "muted",
    ),
    _i(
        "lead guitar",
        r"(?:electric )?guitar solo|lead guitar|soaring guitars?|wailing guitars?|slide guitar",
        "lead",
        "overdrive",
    ),
    _i("clean guitar", r"(?:clean|funk|jangl\w+|wah)(?: electric)? guitars?", "comp", "clean"),
    _i("electric guitar", r"(?:overdriven? )?electric guitars?|guitar riffs?", "comp", "overdrive"),
    _i(
        "pedal steel guitar",
        r"(?:pedal |lap )steel(?: guitar)?|steel guitar",
        "lead",
        "steel",
        "steel-string guitar",
    ),
    _i(
        "acoustic guitar",
        r"(?:finger-?picked |strummed )?acoustic guitars?|steel[- ]string(?: guitar)?|strumm\w*"
        r"|finger-?pick\w*(?: guitar)?",
        "comp",
        "steel",
    ),
    _i(
        "guitar",
        r"(?<!bass )guitars?",
        "comp",
        "steel",
        "acoustic guitar",
    ),
    _i("ukulele", r"ukul[eé]le|uke", "comp", "ukulele"),
    _i("banjo", r"banjo", "arp", "banjo"),
    _i("mandolin", r"mandolin", "arp", "mandolin", others="bouzouki|balalaika|charango|rubab"),
    _i("lute", r"lute|oud|cittern", "comp", "nylon", "nylon guitar"),
    _i("harp", r"(?<!blues )harps?", "arp", "harp"),
    _i("kora", r"kora|lyre", "arp", "harp", "harp"),
    _i("didgeridoo", r"didgeridoo", "bass", "reese", "reese bass"),
    _i("sitar", r"sitar", "lead", "sitar", others="sarod|tanpura|veena"),
    _i("koto", r"koto", "arp", "koto", others="guzheng|shamisen|pipa|guqin|gayageum"),
    _i("dulcimer", r"(?:hammered )?dulcimer|santoor|zither|cimbalom", "arp", "koto", "koto"),
    # Basses
    _i(
        "double bass",
        r"(?:upright|double|walking|acoustic|string) bass|contrabass|basses",
        "bass",
        "abass",
    ),
    _i("808 bass", r"(?:huge |deep )?808s?(?: bass)?", "bass", "808"),
    _i("slap bass", r"slap(?:ped)? bass", "bass", "slap"),
    _i("reese bass", r"reese(?: bass)?|growl(?:ing)? bass", "bass", "reese"),
    _i("wobble bass", r"wobbl\w+ bass|wub\w*|wobbles?", "bass", "wobble"),
    _i("sub bass", r"sub[- ]?bass|deep bass(?! guitar)|subs", "bass", "sub"),
    _i(
        "synth bass",
        r"synth(?:esi[sz]er)? bass(?:line)?|acid bass|303|moog bass|analog bass",
        "bass",
        "sbass",
    ),
    _i("picked bass", r"picked bass", "bass", "pbass"),
    _i(
        "bass guitar",
        r"(?:electric |fretless |finger(?:ed)? )bass|(?:deep )?bass guitar",
        "bass",
        "fbass",
    ),
    _i("bass", r"bass(?:[- ]?lines?)?", "bass", ""),
    # Bowed strings
    _i("violin", r"violins?|fiddle", "lead", "violin"),
    _i("erhu", r"erhu|kamancheh|rebab", "lead", "violin", "violin"),
    _i("viola", r"violas?", "lead", "violin", "violin", -1),
    _i("cello", r"cellos?|celli|violoncello", "lead", "cello", octave=-1),
    _i("pizzicato strings", r"pizzicato(?: strings)?|plucked strings", "arp", "pizz"),
    _i("tremolo strings", r"tremolo(?: strings)?", "pad", "trem"),
    _i(
        "staccato strings",
        r"(?:staccato|spiccato|ostinato) strings|spiccato|string ostinato",
        "arp",
        "spicc",
    ),
    _i(
        "strings",
        r"(?:lush |soaring |sweeping |cinematic )?strings?(?: section| ensemble"
        r"| orchestra)?",
        "pad",
        "strings",
    ),
    # Brass
    _i("muted trumpet", r"(?:muted|harmon) trumpet", "lead", "mutetpt"),
    _i("trumpet", r"trumpets?", "lead", "trumpet", others="cornet|flugelhorn|bugle"),
    _i("trombone", r"trombones?", "lead", "trombone", octave=-1),
    _i("tuba", r"tubas?|sousaphone|euphonium", "bass", "trombone", "trombone"),
    _i("horns", r"(?<!french )horns", "pad", "brass"),
    _i("French horn", r"french horns?|horn(?! (?:section|stabs))", "lead", "horn", octave=-1),
    _i(
        "brass",
        r"(?:low )?brass(?: section| stabs| ensemble)?|horn (?:section|stabs)",
        "pad",
        "brass",
    ),
    # Woodwinds
    _i("soprano saxophone", r"soprano sax(?:ophone)?", "lead", "asax", "alto saxophone", 1),
    _i(
        "baritone saxophone", r"bari(?:tone)? sax(?:ophone)?", "lead", "tsax", "tenor saxophone", -1
    ),
    _i("alto saxophone", r"alto sax(?:ophone)?", "lead", "asax"),
    _i("saxophone", r"(?:tenor )?sax(?:ophones?)?", "lead", "tsax"),
    _i("oboe", r"oboe", "lead", "oboe", others="english horn|cor anglais|duduk|shawm"),
    _i("bassoon", r"bassoon", "lead", "oboe", "oboe", -1),
    _i("clarinet", r"(?:bass )?clarinets?", "lead", "clarinet"),
    _i("piccolo", r"piccolo|tin whistle|penny whistle", "lead", "flute", "flute", 1),
    _i("pan flute", r"pan ?(?:flute|pipes?)", "lead", "panflute"),
    _i("shakuhachi", r"shakuhachi", "lead", "shaku", others="bansuri|ney|dizi"),
    _i(
        "flute",
        r"(?:bamboo |native american )?flutes?",
        "lead",
        "flute",
        others=r"recorder|ocarina|whistl\w+",
    ),
    _i("woodwinds", r"wood-?winds?", "lead", "clarinet", "clarinet"),
    _i("bagpipes", r"bagpipes?|uilleann pipes|hurdy[- ]gurdy", "lead", "accordion", "accordion"),
    # Synthesisers
    _i(
        "synth pad",
        r"(?:synth|warm|analog|dreamy|ethereal|lush|soft|ambient)? ?pads?|atmospheric synths?",
        "pad",
        "warmpad",
    ),
    _i("arpeggiated synth", r"arps?|arpeggi\w*(?: synth\w*)?", "arp", "pluck"),
    _i(
        "synth lead",
        r"synth(?:esi[sz]er)? (?:lead|melody|solo)|lead synth|analog lead",
        "lead",
        "lead",
    ),
    _i("synth pluck", r"(?:synth )?plucks?", "arp", "pluck"),
    _i("synth stabs", r"(?:synth )?stabs|supersaws?|chord stabs", "comp", "saw"),
    _i("theremin", r"theremin|musical saw", "lead", "sine", "sine synth"),
    _i("square lead", r"square (?:wave|lead)|chip lead|game ?boy", "lead", "square"),
    _i("synth", r"(?:bright |analog |modular |vintage )?synth(?:esi[sz]er)?s?", "arp", "pluck"),
    # Voices
    _i(
        "choir",
        r"(?:epic |gregorian |children's |gospel )?choirs?(?: vocals)?|chants?|chorale",
        "pad",
        "choir",
    ),
    _i(
        "voice",
        r"(?:lead |backing |male |female |soaring |soulful )*vocal(?:s|ists?)?|sing(?:ing|ers?)"
        r"|voices?|humming|rapp(?:er|ing)|crooner|falsetto",
        "voice",
        "oohs",
    ),
    # Drums and percussion
    _i("timpani", r"timpani|kettle ?drums?", "percussion", "timpani"),
    _i("taiko", r"taikos?(?: drums?)?|war drums|tribal drums", "percussion", "taiko"),
    _i("shaker", r"shakers?|maracas|cabasa", "percussion", "shaker"),
    _i("tambourine", r"tambourines?", "percussion", "tambourine"),
    _i(
        "congas",
        r"congas?|bongos?|hand drums?",
        "percussion",
        "congas",
        others=(
            r"djembes?|(?:frame|log) drums?|bodhr[aá]n|darbukas?|dhols?|timbales|tablas?|caj[oó]n"
        ),
    ),
    _i("claps", r"stomps?|(?:hand)?claps?|hand ?claps?|finger snaps|snaps", "percussion", "claps"),
    _i("cowbell", r"cowbells?", "percussion", "cowbell"),
    _i("triangle", r"triangle", "percussion", "triangle"),
    _i("woodblock", r"wood ?blocks?|temple blocks?|claves?", "percussion", "woodblock"),
    _i(
        "drum machine",
        r"drum machines?|808 drums|electronic drums|programmed drums|909s?",
        "drums",
        "@machine",
    ),
    _i("brushed drums", r"brush(?:es|ed)(?: drums| snare)?", "drums", "kit_brush"),
    _i(
        "drums",
        r"(?:live |acoustic |powerful |heavy |big )?drums?(?: ?kit| beats?)?|percussion|beats?"
        r"|(?:hi-?)?hats?|snares?|kicks?(?: drum)?|breaks|cymbals?",
        "drums",
        "",
    ),
)
"""The more particular names come first: a stretch of text is read once."""
