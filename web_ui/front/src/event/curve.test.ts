/** A curve: gaps stay gaps, and the limits are always in the drawing. */
import { expect, it } from "vitest";
import { drawn, scale } from "./curve.ts";

const AT = 1000;
const curve = (levels: (number | null)[], quality: string) => ({
  from_utc: AT - levels.length * 2,
  step_s: 2,
  levels,
  quality: [...quality],
});

it("breaks the line where nothing was measured, and says why", () => {
  const shape = drawn(curve([1, 2, null, null, null, 5], "ggwwmg"), AT);
  expect(shape.lines.map((line) => line.map((point) => point.level))).toEqual([[1, 2], [5]]);
  expect(shape.gaps).toEqual([
    { from_s: -8, to_s: -4, letter: "w" },
    { from_s: -4, to_s: -2, letter: "m" },
  ]);
  expect([shape.last, shape.highest, shape.lowest]).toEqual([5, 5, 1]);
});

it("draws no number that was doubted", () => {
  const shape = drawn(curve([1, 2], "dg"), AT);
  expect(shape.lines).toEqual([[{ s: -2, level: 2 }]]);
  expect(shape.gaps[0]?.letter).toBe("d");
});

it("knows nothing of a channel without a sample", () => {
  const shape = drawn(curve([null, null], "mm"), AT);
  expect([shape.lines.length, shape.highest]).toEqual([0, null]);
  expect(scale(shape, [7.2, null]).top).toBeGreaterThan(7.2);
});

it("has every limit in the drawing, and shows oxygen near its own level", () => {
  const low = scale(drawn(curve([0.4, 0.5], "gg"), AT), [5, 7.2]);
  expect(low).toEqual({ bottom: 0, top: expect.closeTo(7.92) });
  const oxygen = scale(drawn(curve([20.9, 20.8], "gg"), AT), [23.5, 19.5]);
  expect(oxygen.bottom).toBeCloseTo(17.55);
  expect(oxygen.top).toBeGreaterThan(23.5);
});
