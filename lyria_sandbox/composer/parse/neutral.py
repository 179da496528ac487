"""Words that say nothing about the music: they neither steer nor salt it."""

_WORDS = """
    a about above add after all also and any are around arrangement artist as at based be beat been
    before behind below between bit both but by can clean clear come could create do does each
    effect effects elements energy era etc even feature featured features featuring feel feeling
    feels few for from full generate genre genres give good great groove had has have he her high
    highly his i if imagine in influence influenced influences inspired instrument instrumentation
    instruments into inst is it its just key language let like line lines listen little long lot
    low lyric lyrics made make makes many me meets melodic melodies melody mix mixed modern mood
    moods more most movement much music musical my new nice not now of off on one onto only or
    other our out over own part parts piece play played playing plays please prominent quality
    recorded recording rhythm rhythmic rhythms riff riffs scale section sections set she short
    should simple small some something song songs sound sounding sounds structure style styled
    styles such take tempo texture textures that the their them then there these they this those
    through time title to tone too track tracks tune under until up use used uses using very vibe
    vibes want was way we well were what when where which while will with within without would you
    your
"""
NEUTRAL = frozenset(_WORDS.split())
