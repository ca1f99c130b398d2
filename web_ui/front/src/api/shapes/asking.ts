/** What people ask of the box (a change of the settings with it), and what it answers. */

import type { Words } from "../../words/words.ts";

export interface Answer {
  request: string;
  accepted: boolean;
  reasons: Words[];
  wait_s: number | null; // when to try again
  log_in: boolean; // the log-in of this device is over
}

export interface ErrorBody {
  code: string;
  cause: Words;
  next: Words;
  wait_s: number | null;
}

/** A request as its person fills it in; who asks and the count are added when it is signed. */
export interface Form {
  ask: string;
  permit?: string;
  alarm?: string;
  about?: string[];
  samples?: Sample[];
  people_inside?: number;
  tools?: number;
  reason?: string;
  presence_code?: string;
  rule?: string;
  wearable?: string;
  for_s?: number;
  drill?: Record<string, unknown>;
  photo?: string; // a JPEG, base64
  report?: { kind: string; area?: string; note?: string };
  ticket?: Record<string, unknown>;
  record?: Record<string, unknown>;
  settings?: SettingsChange;
  look?: Record<string, unknown>;
  commission?: Record<string, string | number | boolean>;
  test?: Record<string, unknown>;
  token?: Record<string, unknown>;
  new_pin?: string;
  new_badge?: string;
  pin?: string;
  badge?: string;
}

export interface Sample {
  gas: string;
  level: number;
  unit: string;
  place: string;
}

/** A small change of a file of the settings: keys from the outside in, an entry of a list by its number. */
export interface Edit {
  do: "set" | "add" | "remove" | "secret" | "login";
  at: (string | number)[];
  value?: unknown;
}

export interface FileChange {
  file: string;
  before: string; // the hash of the text that it was drawn up from
  text?: string;
  edits?: Edit[];
}

export interface SettingsChange extends FileChange {
  also?: FileChange[]; // taken together, or not at all
  probe?: string; // with check_only: a detector to look at, as the change has it
  check_only?: true;
  upload?: string; // a whole site that was sent in parts under this hash: then the files name only what stands now
  interlocks_off?: string[]; // outputs that may fall with it: whoever signs has agreed
}
