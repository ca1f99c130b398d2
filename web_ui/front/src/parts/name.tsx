/** Words that arrived from outside: a name cannot turn the words around it, and nothing is longer than its place. */
import type { Live } from "../api/shapes/live.ts";
import { said, type Words } from "../words/words.ts";

/** At most so many letters (not halves of them). */
export function cut(text: string, most = 80): string {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

export function brief(words: Words, most = 400): string {
  return cut(said(words), most);
}

export function Name({ of, most = 80 }: { of: string; most?: number }) {
  return <bdi>{cut(of, most)}</bdi>;
}

/** Devices as people call them. */
export function namesOf(live: Live): Map<string, string> {
  const outputs = live.outputs.map((one) => [one.device, brief(one.name)] as const);
  const measuring = [...live.gas, ...live.cameras, ...live.wind, ...live.gauges];
  return new Map([...measuring.map((one) => [one.id, brief(one.name)] as const), ...outputs]);
}
