import { expect, test } from "vitest";
import type { Named } from "../api/shapes/permit.ts";
import type { Wearable } from "../api/shapes/seen.ts";
import { inNeed } from "./wear.ts";

const PEOPLE: Named[] = [
  { id: "guard", name: "G" },
  { id: "worker", name: "W" },
];

function worn(wearer: string, heard: boolean, battery_pct: number | null): Wearable {
  const low = battery_pct !== null && battery_pct <= 20;
  const unknown = { heard_s: null, placed_s: null, worn: null, p50_s: null, p99_s: null };
  const name = { zh: "", en: "" };
  return {
    id: `tag-${wearer}`,
    name,
    wearer,
    wearer_name: "",
    heard,
    battery_pct,
    low,
    promised_s: 5,
    intervals: 0,
    ...unknown,
  };
}

test("the one whose wearable is silent is named, whoever asks", () => {
  expect(inNeed(PEOPLE, [worn("guard", true, 5), worn("worker", false, null)], "guard")).toBe("worker");
});

test("where all are heard, the one with the least charge; with charge enough, whoever asks", () => {
  expect(inNeed(PEOPLE, [worn("guard", true, 19), worn("worker", true, 12)], "guard")).toBe("worker");
  expect(inNeed(PEOPLE, [worn("guard", true, 80), worn("worker", true, null)], "guard")).toBe("guard");
});

test("of two silent ones nobody can tell which is meant, and of somebody else nobody is meant", () => {
  expect(inNeed(PEOPLE, [worn("guard", false, 80), worn("worker", false, 80)], "holder")).toBe("");
  expect(inNeed(PEOPLE, [worn("stranger", false, 80)], "holder")).toBe("");
});
