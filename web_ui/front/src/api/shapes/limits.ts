/** The limits of the rulebook, one by one. */

import type { Words } from "../../words/words.ts";

/** One limit of the rulebook; `way`: how it may be moved without a signature. */
export interface BookLimit {
  key: string;
  at: string[];
  about: Words;
  value: number;
  usual: number | null; // as the shipped book has it
  unit: string;
  clause: Words;
  way: "at_most" | "at_least" | "fixed" | "free";
  listed: boolean; // it stands in a list: changed in the file
  signed_to: number | null; // how far a safety officer's signature may loosen it
  rules: { code: string; title: Words }[]; // which compare with it
}

export interface BookLimits {
  sha256: string;
  name: string;
  version: string;
  title: Words;
  loosened: number;
  next_name: string;
  next_version: string;
  next_title: Words;
  limits: BookLimit[];
}
