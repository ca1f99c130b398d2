/** The commissioning of this unit: how it stands, and one step of it. */
import type { Words } from "../words/words.ts";
import { ask } from "./ask.ts";
import { call } from "./client.ts";
import type { Proof } from "./session.ts";

export interface Tried {
  outcome: "passed" | "failed" | "not_done";
  by: string;
  second: string;
  at_utc: number;
  measured: boolean;
  value: number | null;
  unit: string;
  note: string;
  excepted: { by: string; reason: string; until_utc: number } | null; // a safety officer lets the failure be
}

export interface Item {
  item: {
    key: string;
    of: string;
    kind: "bump" | "survey" | "walk" | "siren" | "relay" | "uplink" | "power" | "ups";
    name: Words;
    limit: number | null;
    unit: string;
  };
  source: Words; // where the limit comes from
  trial: Tried | null;
  void: boolean;
  by_itself: boolean;
}

export interface Commissioning {
  demanded: boolean;
  begun_by: string;
  begun_utc: number | null;
  opened_utc: number | null; // since when it lets work start without a certificate
  graces_left: number; // how often one may still do so by itself
  centre: boolean;
  against: Words[];
  items: Item[];
  certificate: string;
  valid_until_utc: number | null;
  certified_by: string;
  void: Words[];
}

export type Act = Record<string, string | number | boolean>;

export function commissioning(): Promise<Commissioning> {
  return call<Commissioning>("GET", "/commissioning");
}

export function act(step: Act, note: string, proof: Proof): Promise<Words[]> {
  return ask({ ask: "commission", commission: { ...step, note }, ...proof });
}
