import io

import numpy as np
import soundfile

from lyria_sandbox.composer import Order, render


def test_lyria_2_renders_a_wav_of_32_8_seconds() -> None:
    rendered = render(Order("lyria-2", "calm piano, 80 BPM, C major", seed=1))
    info = soundfile.info(io.BytesIO(rendered.audio))
    assert (info.format, info.subtype, info.samplerate, info.channels) == (
        "WAV",
        "PCM_16",
        48000,
        2,
    )
    assert info.frames == round(32.8 * 48000)
    assert (rendered.media_type, rendered.extension) == ("audio/wav", "wav")
    assert rendered.understood["tempo_bpm"] == 80
    sound, _ = soundfile.read(io.BytesIO(rendered.audio))
    assert 0.1 < np.abs(sound).max() < 1.0
