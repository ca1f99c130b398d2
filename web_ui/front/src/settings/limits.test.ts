import { expect, test } from "vitest";
import type { BookLimit, BookLimits } from "../api/shapes/limits.ts";
import { change, fits, moved, number } from "./limits.ts";

const limit: BookLimit = {
  key: "gases.h2s.stop_high",
  at: ["gases", "h2s", "stop_high"],
  about: { zh: "硫化氢", en: "hydrogen sulphide" },
  usual: 10,
  rules: [{ code: "GAS-01", title: { zh: "气体危险 撤离", en: "Dangerous gas: evacuate" } }],
  value: 10,
  unit: "ppm",
  clause: { zh: "甲", en: "A" },
  way: "at_most",
  listed: false,
  signed_to: null,
};
const now: BookLimits = {
  sha256: "0".repeat(64),
  name: "gb",
  version: "1",
  title: { zh: "国标", en: "GB" },
  loosened: 0,
  next_name: "site-limits-2",
  next_version: "2",
  next_title: { zh: "二", en: "two" },
  limits: [limit],
};
const typed = (value: string, why: string) => new Map([[limit.key, { value, why }]]);

test("what is no number, or has no reason, is not sent", () => {
  expect(number(" 2,5 ")).toBe(2.5);
  for (const text of ["", " ", "x", "1e999", "NaN"]) expect(number(text)).toBeNull();
  expect(change(now, new Map())).toBeNull();
  expect(change(now, typed("", "rule 3"))).toBeNull();
  expect(change(now, typed("five", "rule 3"))).toBeNull();
  expect(change(now, typed("5", " "))).toBeNull();
  expect(moved(now.limits, typed("five", ""))).toEqual([limit]);
});

test("the new book extends the present one, and is named in the same change", () => {
  const sent = change(now, typed("5", " rule 3 "));
  expect(sent?.edits).toEqual([{ do: "set", at: ["site", "rulebook"], value: "site-limits-2" }]);
  const book = sent?.also?.[0];
  expect(book?.file).toBe("rulebooks/site-limits-2.toml");
  expect(book?.edits).toContainEqual({ do: "set", at: ["extends"], value: "gb" });
  expect(book?.edits).toContainEqual({ do: "set", at: limit.at, value: { value: 5, clause: "rule 3" } });
});

test("a limit is found by its gas in either language", () => {
  expect(fits(limit, "硫化")).toBe(true);
  expect(fits(limit, "HYDROGEN")).toBe(true);
  expect(fits(limit, "methane")).toBe(false);
});
