// Crossfades that keep the level, whatever the two sounds have in common.

const STEPS = 129;

// Gains, down and up, of a crossfade whose power stays the same on the way for two sounds of this
// correlation. It is the usual equal-power fade where they have nothing in common, and an equal-gain
// fade where they are alike: each would be 3 dB off in the other's place.
/** @param {number} correlation */
export function curves(correlation) {
  const down = new Float32Array(STEPS);
  const up = new Float32Array(STEPS);
  for (let step = 0; step < STEPS; step += 1) {
    const angle = ((step / (STEPS - 1)) * Math.PI) / 2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const power = Math.sqrt(1 + 2 * correlation * c * s);
    down[step] = c / power;
    up[step] = s / power;
  }
  down[STEPS - 1] = 0; // the cosine of a right angle is not quite that
  return [down, up];
}

// The correlation, 0 to 1, of two buffers over `count` samples from a place in each.
/** @param {AudioBuffer | null} one @param {number} first @param {AudioBuffer | null} other @param {number} second @param {number} count */
export function likeness(one, first, other, second, count) {
  const channels = Math.min(one?.numberOfChannels ?? 0, other?.numberOfChannels ?? 0);
  let [both, mine, yours] = [0, 0, 0];
  if (!one || !other) return 0;
  for (let channel = 0; channel < channels; channel += 1) {
    const [x, y] = [one.getChannelData(channel), other.getChannelData(channel)];
    for (let n = 0; n < count; n += 1) {
      const [p, q] = [x[first + n] ?? 0, y[second + n] ?? 0];
      both += p * q;
      mine += p * p;
      yours += q * q;
    }
  }
  return mine && yours ? Math.min(1, Math.max(0, both / Math.sqrt(mine * yours))) : 0;
}
