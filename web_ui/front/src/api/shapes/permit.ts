/** A permit as it stands, and what stands against it. */

import type { Words } from "../../words/words.ts";

export interface Reason {
  title: Words;
  detail: Words;
  since_utc: number | null;
  pause_class: string;
}

export interface Named {
  id: string;
  name: string;
}

export interface Step {
  ask: string;
  words: Words;
  who: string[];
  persons: string[];
  fresh: boolean;
  about: string[];
  longest_s: number | null; // how long it may last; 0 takes back what lasts
}

export interface TestedGas {
  gas: string;
  words: Words;
  unit: string;
  places: string[];
  any_of: string[];
}

export interface Measure {
  id: string;
  kind: string;
  words: Words;
  confirmed_by: string | null;
  at_utc: number | null;
}

export interface Head {
  id: string;
  name: string;
  where: "inside" | "out" | "unknown";
  area: Words | null;
  age_s: number | null;
}

export interface HeadCount {
  area: Words;
  x_m: number;
  y_m: number;
  counted: number; // by the guard's list of entries
  seen: number; // by their wearables
  people: Head[];
}

/** One rule that a safety officer lets be. */
export interface Override {
  rule: string;
  title: Words;
  who: string;
  reason: string;
  until_utc: number;
}

export interface Hole {
  feed: Words;
  from_utc: number;
  until_utc: number | null; // null: still blind
}

export interface Coverage {
  guarded_pct: number | null;
  holes: Hole[];
  more: number;
}

export interface Permit {
  id: string;
  type: string;
  level: string;
  area: Words;
  area_id: string;
  content: Words;
  outdoor: boolean;
  pipe: string;
  scopes: Words[]; // what certificates must cover beside the kind of work
  linked: string[]; // tickets of the same job
  left_out: Words[]; // measures that the kind of work asks for and this ticket does not hold
  state: string;
  since_utc: number;
  ends_utc: number;
  near_end: boolean;
  begins_utc: number; // of its ticket; 0: not told
  holder: string;
  holder_id: string;
  guard: string | null;
  guard_id: string | null;
  guards: Named[];
  workers: Named[];
  causes: Reason[];
  standing: Reason[];
  signatures: string[];
  evacuate: boolean;
  drill: string;
  shadow: boolean;
  word: string;
  instruction: Words;
  cards: Record<string, Words>;
  overrides: Override[];
  headcount: HeadCount | null;
  coverage: Coverage | null; // null before work began
  point: { x_m: number; y_m: number } | null;
  inside: (Named & { since_utc: number })[];
  tools_inside: number;
  gas: string[];
  cameras: string[];
  wind: string[]; // weather stations that speak for it
  wind_stop_mps: number | null; // null: no wind stops it
  next: Step[];
  lacking: { capacity: string; words: Words; persons: string[] }[];
  needs_retest: boolean;
  test: { gases: TestedGas[] };
  measures: Measure[];
  handover: { id: string; words: Words }[];
  pending: { version: number; changes: Words[] } | null;
  claim: { person: string; name: string } | null;
  fire_watch: { left_s: number } | null;
  guard_presence: {
    state: "present" | "asked" | "doubtful";
    since_utc: number;
    words: Words;
    press_by_utc: number | null;
    by_screen: boolean; // his wearable gives no place: the box's screen shows him (its code, his badge there)
  } | null;
}
