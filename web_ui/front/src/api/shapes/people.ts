/** Who the box knows, who is logged in, and what is kept of whoever asks. */

import type { Words } from "../../words/words.ts";

export interface Who {
  id: string;
  name: string;
  roles: string[];
  areas: string[];
  language: string;
}

export interface Certificate {
  number: string;
  scopes: string[];
  valid_to_utc: number;
  status?: "valid" | "suspended" | "revoked";
  checked_utc?: number | null;
}

/** What lets somebody work, sign and be found. */
export interface Qualification {
  tag: string | null;
  certificates: Certificate[];
  training_ok_until_utc: number | null;
  daily_class_utc: number | null;
  signs_as: string[];
  contractor: string;
  team: string;
}

export interface Known extends Who {
  denied: boolean;
  until_utc: number | null; // an outside inspector's last second
  qualification: Qualification | null; // told to those who administer the box or answer for the work
}

export interface Session {
  who: Who | null; // null: the box's own screen, which is nobody
  key: string | null;
  csrf: string;
  until_utc: number;
  panel: boolean;
}

/** What this box knows and keeps of whoever asks. */
export interface Mine {
  known: Known;
  about: {
    records: { type: string; count: number; first_utc: number; last_utc: number }[];
    looked_at: number;
    stored: { what: Words; how_long: Words }[];
  };
}
