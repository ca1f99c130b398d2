/** A chart of a gas channel: a gap is a gap, and nothing that was not good looks good. */
import { expect, it } from "vitest";
import type { History } from "../api/shapes/history.ts";
import { ofCurve, ofHistory, partAt } from "./series.ts";

const history: History = {
  channel: "gas-co",
  from_utc: 6000,
  step_s: 60,
  low: [1, null, null, 2],
  mean: [1.5, null, null, 2],
  high: [9, null, null, 2],
  quality: ["g", "m", "m", "-"],
  marks: [],
  more: false,
};

it("joins parts of one quality and keeps a gap without a level", () => {
  const series = ofHistory(history);
  expect(series.at).toEqual([6030, 6090, 6150, 6210]);
  expect(series.gaps).toEqual([
    { from_s: 6060, to_s: 6180, letter: "m" },
    { from_s: 6180, to_s: 6240, letter: "-" },
  ]);
  expect([series.lowest, series.highest, series.to_utc]).toEqual([1, 9, 6240]);
});

it("says of a moment what was measured and how good it was", () => {
  const series = ofHistory(history);
  expect(partAt(series, 0)).toEqual({ at: 6030, low: 1, mean: 1.5, high: 9, letter: "g" });
  expect(partAt(series, 1)).toEqual({ at: 6090, low: null, mean: null, high: null, letter: "m" });
  expect(partAt(series, 4)).toBeNull();
});

it("draws the last quarter of an hour alike, and knows no bounds where nothing was measured", () => {
  const series = ofCurve({ from_utc: 0, step_s: 2, levels: [null, null], quality: ["f", "o"] });
  expect([series.lowest, series.highest]).toEqual([null, null]);
  expect(series.gaps.map((one) => one.letter)).toEqual(["f", "o"]);
});
