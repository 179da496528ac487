"""Words that say nothing about the music: they neither steer nor salt it."""

_WORDS = """
a about above add after all also and any are around arrangement artist as at avec band based be
beat been before behind below between bit both but by can clean clear come con could create das
der des die do does each effect effects ein eine elements energy era etc even feature featured
features featuring feel feeling feels few for from full generate genre genres give good great
groove had has have he her high highly his i if imagine in influence influenced influences
inspired inst instrument instrumentation instruments into is it its just key language las les
let like line lines listen little long los lot low lyric lyrics made make makes many me meets
melodic melodies melody mit mix mixed modern mood moods more most movement much music musical my
new nice not now of off on one only onto or other our out over own para part parts piece play
played playing plays please por pour prominent quality recorded recording rhythm rhythmic
rhythms riff riffs scale section sections set she short should simple small some something song
songs sound sounding sounds structure style styled styles such take tempo texture textures that
the their them then there these they this those through time title to tone too track tracks tune
und under une until up use used uses using very vibe vibes want was way we well were what when
where which while will with within without would you your
"""
NEUTRAL = frozenset(_WORDS.split())
