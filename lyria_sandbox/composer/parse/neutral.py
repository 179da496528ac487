"""Words that say nothing about the music: they neither steer nor salt it."""

_WORDS = """
a about above add after again all also alto and any are around arrangement artist as at avec band
baritone based be beat been before begin beginning begins behind below between bit both but by can
carries carry chord chords clean clear close come con could create das der des die do does down
drives each effect effects ein eine elements end ending ends energy english era etc even every
everything feature featured features featuring feel feeling feels female few final first for french
from full generate genre genres give goes good great groove had has have he held her high highly his
hit hits hook i if imagine in influence influenced influences inspired inst instrument
instrumentation instruments into is it italian its just key language las last lead les let like line
lines listen little long loop los lot low lyric lyrics made make makes many me meets melodic
melodies melody mit mix mixed modern mood moods more most movement much music musical my new nice
not note notes now of off on once one only onto or other our out over own para part parts piece play
played playing plays please por portuguese pour prominent quality recorded recording rhythm rhythmic
rhythms riff riffs rings scale seamless section sections set she short should simple single sit sits
small some something song songs soprano sound sounding sounds spanish stay stays structure style
styled styles such take takes tempo tenor texture textures that the their them theme then there
these they this those three through tight time title to tone too track tracks tune und under une
unobtrusive until up use used uses using very vibe vibes want was way we well were what when where
which while will with within without wordless would you your
"""
NEUTRAL = frozenset(_WORDS.split())
