/** What came first of a permit's alarms stands first; the permit with the most urgent alarm comes first. */
import { expect, it } from "vitest";
import type { Alarm } from "../api/shapes/live.ts";
import { ordered } from "./order.ts";

const alarm = (key: string, permit: string, priority: number, since_utc: number, state = "unack_active") =>
  ({ key, permit, priority, since_utc, state }) as Alarm;
const told = (...alarms: Alarm[]) => ordered(alarms).map((one) => one.alarm.key + (one.first ? "!" : ""));

it("tells the first-out of each permit first", () => {
  expect(told(alarm("b", "T", 1, 20), alarm("a", "T", 2, 10), alarm("c", "T", 1, 15))).toEqual([
    "a!",
    "c",
    "b",
  ]);
});

it("tells the most urgent permit first, and of equal ones the older", () => {
  expect(told(alarm("low", "T1", 3, 1), alarm("new", "T2", 1, 30), alarm("old", "T3", 1, 20))).toEqual([
    "old",
    "new",
    "low",
  ]);
});

it("does not take for a first-out what only waits or is kept silent", () => {
  expect(told(alarm("shelved", "T", 1, 1, "shelved"), alarm("x", "T", 3, 5), alarm("y", "T", 3, 6))).toEqual([
    "x!",
    "y",
    "shelved",
  ]);
});
