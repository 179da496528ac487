// An audio worklet that passes on what it hears, and tells the page of every block.
registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([input], [output]) {
    const block = [0, 1].map((channel) => {
      const samples = input[channel] ?? input[0];
      return samples ? Float32Array.from(samples) : new Float32Array(128);
    });
    block.forEach((samples, channel) => output[channel]?.set(samples));
    this.port.postMessage(block);
    return true;
  }
});
