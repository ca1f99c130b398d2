import { expect, test } from "vitest";
import type { Clash } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { byPlace, overlap, share, spanOf, waiting } from "./line.ts";

const permit = (id: string, area_id: string, begins_utc: number, ends_utc: number) =>
  ({ id, area_id, begins_utc, ends_utc }) as Permit;

test("the line holds all tickets and the present", () => {
  const span = spanOf([permit("a", "x", 1000, 20_000)], 5000);
  expect(span).toEqual({ from_utc: 1000, until_utc: 20_000 });
  expect(spanOf([], 5000)).toEqual({ from_utc: 5000, until_utc: 8600 });
  expect(share(1000, span)).toBe(0);
  expect(share(99_999, span)).toBe(100);
});

test("works of one place stand together, the earlier first", () => {
  const all = [permit("late", "x", 20, 30), permit("y", "y", 5, 6), permit("early", "x", 10, 15)];
  expect([...byPlace(all)].map(([area, some]) => [area, some.map(({ id }) => id)])).toEqual([
    ["y", ["y"]],
    ["x", ["early", "late"]],
  ]);
});

test("what touches does not overlap, and of another box nobody knows", () => {
  expect(overlap(permit("a", "x", 1, 5), permit("b", "x", 5, 9))).toBe(false);
  expect(overlap(permit("a", "x", 1, 6), permit("b", "x", 5, 9))).toBe(true);
  expect(overlap(permit("a", "x", 1, 6), undefined)).toBe(true);
});
test("who waits is told for which other", () => {
  const clash = (one: string, other: string, waits: string[]) => ({ one, other, waits }) as Clash;
  const found = waiting([clash("a", "b", ["b"]), clash("b", "c", ["b", "c"]), clash("a", "d", [])]);
  expect([...found]).toEqual([
    ["b", ["a", "c"]],
    ["c", ["b"]],
  ]);
});
