/** The settings: their files, their fields, and what the box says to a change of them. */

import type { Words } from "../../words/words.ts";
import type { Probed } from "../shapes.gen.ts";
import type { Answer } from "./asking.ts";

/** What is called how in both languages, and what is meant by it here. */
export interface Term {
  called: Words;
  means: Words;
}

/** One key of the settings: what may stand there, and what people call it. */
export interface SettingsField {
  key: string;
  kind: SettingsKind;
  required: boolean;
  default: unknown;
  choices: (string | number)[];
  least: number | null;
  most: number | null;
  above: number | null;
  spelt: Words;
  unit: string;
  secret: boolean;
  refers: string;
  called: Words;
  help: Words;
  fields: SettingsField[];
}

export type SettingsKind =
  | "text"
  | "whole"
  | "number"
  | "flag"
  | "choice"
  | "choices"
  | "texts"
  | "words"
  | "table"
  | "tables"
  | "rows"
  | "data";

export interface Settings {
  sha256: string;
  values: Record<string, unknown>;
  fields: SettingsField[];
  known: Record<string, string[]>;
}

export interface SettingsFile {
  file: string;
  sha256: string;
  text: string;
}

export interface SettingsFiles {
  site: string;
  unit: string;
  made_utc: number;
  files: SettingsFile[];
}

export interface SettingsFault {
  file: string;
  key: string;
  problem: Words;
  remedy: Words;
  value: string;
}

/** How many bytes of a file in parts the box has. */
export interface PartAnswer extends Answer {
  have: number;
  whole: boolean;
}

/** What the box says to a change, or to the wish to know what it would do. */
export interface SettingsAnswer extends Answer {
  faults: SettingsFault[];
  diff: string[];
  effects: { permit: string; outputs: string[]; state: string | null; refused: boolean; words: Words }[];
  probed: Probed | null;
}
