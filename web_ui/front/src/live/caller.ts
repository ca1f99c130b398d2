/** Sounds what `calls.ts` finds, again and again where it must be answered. */
import { session } from "../api/session.ts";
import type { Live } from "../api/shapes/live.ts";
import { called, EVERYBODY, type Known, standing } from "./calls.ts";
import { shown } from "./link.ts";
import { sound } from "./sound.ts";

const AGAIN_MS = 5000;

export function startCalling(): void {
  let before: Known = new Map();
  let last: Live | null = null;
  let sounded_ms = 0;
  shown.watch(({ live, why }) => {
    const now = session.get();
    const person = now?.panel ? EVERYBODY : now?.who?.id;
    if (!live || why || person === undefined) return;
    const again = performance.now() - sounded_ms > AGAIN_MS ? standing(live, person) : null;
    if (live === last && !again) return;
    const news = called(live, person, before);
    before = news.now;
    last = live;
    const pattern = news.pattern ?? again;
    if (!pattern) return;
    sounded_ms = performance.now();
    sound(pattern);
  });
}
