/** From what somebody filled in to the form that is signed. Pure. */
import type { Form, Sample } from "../api/shapes/asking.ts";
import type { Permit, Step } from "../api/shapes/permit.ts";

export interface Fields {
  about?: string[];
  tools?: number;
  samples?: Sample[];
  people_inside?: number;
  reason?: string;
  presence_code?: string;
  alarm?: string;
  rule?: string;
  wearable?: string;
  for_s?: number;
  drill?: Record<string, unknown>;
}

export function formOf(permit: Permit, step: Step, fields: Fields): Form {
  const form: Form = { ask: step.ask, permit: permit.id, ...fields };
  if (fields.about === undefined && NAMED_BY_THE_BOX.has(step.ask) && step.about.length > 0) {
    form.about = step.about;
  }
  return form;
}

/** Whom a co-sign is for and which version was read: the box has said it, nobody fills it in. */
const NAMED_BY_THE_BOX = new Set(["check_in", "accept_change"]);

/** One value to measure: a gas at a place. */
export interface Cell {
  key: string;
  gas: string;
  unit: string;
  place: string; // "" where the test asks for no place
}

/** Every value that the test asks for; of a kind that any of several gases shows, the chosen one. */
export function cellsOf(permit: Permit, chosen: Readonly<Record<string, string>>): Cell[] {
  return permit.test.gases.flatMap((row) => {
    const gas = row.any_of.length > 0 ? (chosen[row.gas] ?? row.any_of[0] ?? row.gas) : row.gas;
    const places = row.places.length > 0 ? row.places : [""];
    return places.map((place) => ({ key: `${row.gas} ${place}`, gas, unit: row.unit, place }));
  });
}

/** The samples, or null while one is missing or is no number. */
export function samplesOf(
  cells: Cell[],
  values: Readonly<Record<string, string>>,
  here: string,
): Sample[] | null {
  const samples: Sample[] = [];
  for (const { key, gas, unit, place } of cells) {
    const text = values[key] ?? "";
    if (!/^\d+(\.\d+)?$/.test(text)) return null;
    samples.push({ gas, unit, level: Number(text), place: place || here });
  }
  return samples.length > 0 ? samples : null;
}
