"""Chanson, children's songs, city pop and downtempo."""

from lyria_sandbox.composer.tables.genre import BACKBEAT, Genre, Groove, Line

SONG: tuple[Genre, ...] = (
    Genre(
        name="chanson",
        pattern=(
            r"\bchansons?\b|\bmusette\b|\bcabaret\b|\bfrench (?:caf[eé]|songs?|pop|ballad)\b"
            r"|\bmanouche\b"
        ),
        tempo=(88, 112),
        family="chanson",
        groove=Groove(
            "kit_brush",
            {"kick": "6.......5.......", "snare": "....5.......5..3", "hat": "4.3.5.3.4.3.5.3."},
            fills=False,
            crash=False,
        ),
        bass=Line("abass", "R-------5-----a-"),
        comp=Line("nylon", "X---x---X---x-x-"),
        lead="accordion",
        pad="slowstr",
        arp=Line("piano", "..0-1-2-..0-3-2-"),
        mode="minor",
        swing_8=0.1,
        reverb_s=1.3,
        cells="even",
        drums_db=-7.0,
        tone="acoustic",
        chromatic_melody=True,
        ritardando=True,
    ),
    Genre(
        name="children's song",
        pattern=(
            r"\bchild(?:ren)?(?:'?s)? (?:songs?|music|tunes?|party)\b"
            r"|\bkids?'?s?(?: songs?| music)?\b|\bnursery rhymes?\b|\bsing-?along\b"
            r"|\bkindergarten\b|\btoddlers?\b"
        ),
        tempo=(104, 124),
        family="folk",
        groove=Groove(
            "kit_brush",
            {"kick": "8.......7.......", "clap": "....6.......6...", "hat": "3.2.3.2.3.2.3.2."},
            {"tambourine": "....4.......4..."},
            crash=False,
        ),
        bass=Line("abass", "R---..5.R---..a."),
        comp=Line("ukulele", "X-x-X-xxX-x-X-xx"),
        lead="glock",
        pad="accordion",
        arp=Line("marimba", "0...2...1...3.2."),
        mode="major",
        swing_8=0.12,
        reverb_s=0.9,
        cells="even",
        intensity=0.05,
        drums_db=-7.0,
        tone="acoustic",
    ),
    Genre(
        name="city pop",
        pattern=r"\bcity[- ]pop\b|\byacht rock\b|\bwest coast pop\b",
        tempo=(104, 118),
        family="lofi",
        groove=Groove(
            "kit",
            {"kick": "9.....6.9..6....", "snare": BACKBEAT, "hat": "7353735373537355"},
            {"tambourine": "..5...5...5...5."},
        ),
        bass=Line("slap", "R..R..O.R..R5.a."),
        comp=Line("epiano", "X--x--X---x-X---"),
        lead="tsax",
        pad="strings",
        arp=Line("clean", "x.xX.xx.x.xX.xX."),
        mode="major",
        chord_size=5,
        reverb_s=1.5,
        cells="sync",
        intensity=0.05,
        tone="pop",
    ),
    Genre(
        name="downtempo",
        pattern=r"\bdown-?tempo\b|\bchill-?out\b|\bluxur\w+\b|\bcatwalk\b|\bfashion\b|\bbalearic\b",
        tempo=(78, 94),
        family="lofi",
        groove=Groove(
            "kit_elec",
            {"kick": "9.....5...8.....", "rim": "....7.......7...", "hat": "5.3.5.3.5.3.5.34"},
            {"shaker": "4343434343434343"},
            crash=False,
        ),
        bass=Line("sub", "R-------..R---a-"),
        comp=Line("epiano", "X-------x-----x-"),
        lead="vibes",
        pad="warmpad",
        arp=Line("kalimba", "0---2---1---3---"),
        mode="minor",
        chord_size=5,
        swing_16=0.15,
        reverb_s=2.2,
        cells="sync",
        intensity=-0.05,
        drums_db=-3.0,
        tone="mellow",
    ),
)
