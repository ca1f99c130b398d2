/** Films: which there are; a masked copy of some seconds, a mark that one stays: each signed, and on record. */
import type { Words } from "../words/words.ts";
import { ask } from "./ask.ts";
import { API, call, there } from "./client.ts";
import type { Proof } from "./session.ts";

export interface Film {
  name: string;
  permit: string;
  camera: string;
  kind: string;
  began_utc: number;
  ended_utc: number;
  size: number;
  marked: boolean;
  open: boolean;
}

export interface Films {
  films: Film[];
  more: boolean;
  rules: {
    days: number;
    kinds: { kind: string; most_bytes: number; bytes: number; marked_bytes: number }[];
    early: Words;
  } | null;
}

export type Deed = "play" | "masked";
export const MOST_S = 300; // of a film at once (edge_agent/ops/recordings/shown.py)
const AGAIN_MS = 1000;
const TRIES = 900;

export function filmsNow(permit = ""): Promise<Films> {
  return call<Films>("GET", permit ? `/films?permit=${encodeURIComponent(permit)}` : "/films");
}

/** Where the copy of these seconds lies, once the box has made it. */
export async function copied(film: Film, span: [number, number], deed: Deed, reason: string, proof: Proof) {
  const token = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const about = `${film.name}#${Math.floor(span[0])}-${Math.ceil(span[1])}-${token}`;
  await ask({ ask: "film", about: [about, deed], reason, ...proof });
  for (let tried = 1; ; tried += 1) {
    if (await there(`/films/copies/${token}`, tried === TRIES)) return `${API}/films/copies/${token}`;
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
}

export async function marked(film: Film, keep: boolean, reason: string, proof: Proof): Promise<void> {
  await ask({ ask: "film", about: [film.name, keep ? "keep" : "let_go"], reason, ...proof });
}

/** The seconds of a film that lie around a moment, no more than may be asked for at once. */
export function spanAround(film: Film, at_utc: number, before_s: number, after_s: number): [number, number] {
  const long_s = Math.max(1, Math.ceil(film.ended_utc - film.began_utc));
  const at_s = at_utc - film.began_utc;
  const from = Math.min(Math.max(0, Math.floor(at_s - before_s)), Math.max(0, long_s - 1));
  return [from, Math.max(from + 1, Math.min(long_s, Math.ceil(at_s + after_s), from + MOST_S))];
}
