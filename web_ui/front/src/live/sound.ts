/** Sound and vibration: for whoever does not look. A browser lets a page sound only after somebody touched it. */

const ANSWER_MS = 500;
let audio: AudioContext | null = null;

/** Call once: the first touch or key opens the sound. */
export function prepareSound(): void {
  const open = () => {
    audio ??= new AudioContext();
    void audio.resume();
  };
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, open, { capture: true });
}

export function canSound(): boolean {
  return audio?.state === "running";
}

/** Whether this page may sound, as far as the browser says; asks it anew, without a touch where it lets a page. */
export async function soundNow(): Promise<"ok" | "blocked" | "none"> {
  if (typeof AudioContext === "undefined") return "none";
  audio ??= new AudioContext();
  const asked = audio.resume().catch(() => undefined);
  await Promise.race([asked, new Promise((go) => setTimeout(go, ANSWER_MS))]); // unanswered while it waits for a touch
  return canSound() ? "ok" : "blocked";
}

export function buzz(pattern_ms: number[]): void {
  navigator.vibrate?.(pattern_ms);
}

/** Each pattern: tones in turn (Hz, ms; 0 Hz is a rest) and the vibration beside it. Stop and leave differ. */
const PATTERNS = {
  asked: {
    tones: [
      [880, 150],
      [0, 100],
      [880, 150],
    ],
    vibrates: [300, 150, 300, 150, 300],
  },
  warning: {
    tones: [
      [700, 250],
      [0, 120],
      [700, 250],
    ],
    vibrates: [400, 200, 400],
  },
  stopped: { tones: [[440, 900]], vibrates: [1000] },
  evacuate: {
    tones: [
      [1200, 180],
      [600, 180],
      [1200, 180],
      [600, 180],
      [1200, 180],
      [600, 180],
    ],
    vibrates: [200, 80, 200, 80, 200, 80, 200, 80, 600],
  },
} satisfies Record<string, { tones: [number, number][]; vibrates: number[] }>;

export type Pattern = keyof typeof PATTERNS;

export function sound(pattern: Pattern): void {
  const { tones, vibrates } = PATTERNS[pattern];
  buzz(vibrates);
  if (audio?.state !== "running") return;
  let at_s = audio.currentTime;
  for (const [hz, ms] of tones) {
    if (hz) tone(audio, hz, at_s, ms / 1000);
    at_s += ms / 1000;
  }
}

function tone(into: AudioContext, hz: number, at_s: number, lasts_s: number): void {
  const voice = into.createOscillator();
  const volume = into.createGain();
  voice.type = "square"; // carries further in noise than a sine
  voice.frequency.value = hz;
  volume.gain.value = 0.6;
  voice.connect(volume).connect(into.destination);
  voice.start(at_s);
  voice.stop(at_s + lasts_s);
}
