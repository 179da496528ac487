// Drives the engine in a page without any UI, and brings back what it plays, sample by sample.
import { InStep } from "/assets/instep.js";
import { curves } from "/assets/instep/fade.js";

const packed = (channels) => channels.map((samples) => {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return btoa(text);
});

// What would be heard, exactly: actions are [seconds, method, ...arguments].
export async function render({ sounds, rate = 48000, seconds, actions = [], prepare = [] }) {
  const context = new OfflineAudioContext(2, Math.round(seconds * rate), rate);
  const player = new InStep({ sounds, context });
  const errors = await player.load();
  for (const [method, ...args] of prepare) player[method](...args);
  await player.play();
  const positions = [];
  for (const [at, method, ...args] of actions) {
    context.suspend(at).then(() => {
      player[method](...args);
      positions.push([context.currentTime, player.position]);
      context.resume();
    });
  }
  const buffer = await context.startRendering();
  const result = {
    channels: packed([buffer.getChannelData(0), buffer.getChannelData(1)]),
    errors: errors.map(({ index, kind, status }) => ({ index, kind, status: status ?? null })),
    heard: player.heard, position: player.position, duration: player.duration,
    playing: player.playing, current: player.current, positions,
  };
  player.destroy();
  return result;
}

// What a live context gives out while `act` is done with the player.
export async function record({ sounds, rate = 48000 }, act) {
  const context = new AudioContext({ sampleRate: rate });
  await context.audioWorklet.addModule("/recorder.js");
  const recorder = new AudioWorkletNode(context, "recorder", { outputChannelCount: [2] });
  const blocks = [];
  recorder.port.onmessage = ({ data }) => blocks.push(data);
  recorder.connect(context.destination);
  const player = new InStep({ sounds, context, output: recorder });
  await player.load();
  const told = await act(player, context);
  await new Promise((done) => setTimeout(done, 100));
  const channels = [0, 1].map((channel) => {
    const whole = new Float32Array(blocks.length * 128);
    blocks.forEach((block, at) => whole.set(block[channel], at * 128));
    return whole;
  });
  const heard = player.heard;
  player.destroy();
  await context.close();
  return { channels: packed(channels), told, heard };
}

export { InStep, curves };
