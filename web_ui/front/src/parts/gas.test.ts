/** Figures of gas as people read them. */
import { expect, it } from "vitest";
import type { Gas } from "../api/shapes/gas.ts";
import { formula, heading, level } from "./gas.tsx";

it.each([
  ["h2s", "H₂S"],
  ["cl2", "Cl₂"],
  ["ch4", "CH₄"],
  ["lel", "lel"],
])("%s is written %s", (gas, words) => expect(formula(gas)).toBe(words));

it.each([
  [20.9, "20.9"],
  [0.123, "0.12"],
  [-0.5, "−0.5"],
  [0, "0"],
])("%d is shown as %s", (value, words) => expect(level(value)).toBe(words));

it.each([
  [null, "level"],
  [0, "level"],
  [0.3, "up"],
  [-0.3, "down"],
] as const)("a trend of %s points %s", (trend_per_min, sign) => {
  expect(heading({ trend_per_min } as Gas)).toBe(sign);
});
