/** The player's moment: nothing of the future is shown, and nothing that is over. */
import { expect, it } from "vitest";
import { holding, levelAt, stepTo, stillsAt, wayUntil } from "./moment.ts";

const way = { from_utc: 100, step_s: 2, places: [[0, 0], [1, 0], null, [3, 0]] as [number, number][] };

it("shows what held, from its first to before its last second", () => {
  const spells = [
    { from_utc: 10, until_utc: 20 },
    { from_utc: 15, until_utc: null },
  ];
  expect(holding(spells, 9).length).toBe(0);
  expect(holding(spells, 10)).toEqual([spells[0]]);
  expect(holding(spells, 20)).toEqual([spells[1]]);
});

it("knows nothing of where somebody goes next", () => {
  expect(wayUntil(way, 99).places).toEqual([]);
  expect(wayUntil(way, 103).places).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(wayUntil(way, 107).places).toEqual([[0, 0], [1, 0], null, [3, 0]]);
});

it("lets a place grow old where the way ends", () => {
  expect(wayUntil(way, 111).places).toEqual([[0, 0], [1, 0], null, [3, 0], null, null]);
});

it("keeps the last minute of a long way", () => {
  const long = { from_utc: 0, step_s: 2, places: Array.from({ length: 100 }, (_, at) => [at, 0] as const) };
  const shown = wayUntil(long, 120);
  expect([shown.from_utc, shown.places.length, shown.places.at(-1)?.[0]]).toEqual([62, 30, 60]);
});

it("reads the level of the moment, and none outside the curve", () => {
  const curve = { from_utc: 100, step_s: 2, levels: [1, null], quality: ["g", "w"] };
  expect(levelAt(curve, 101)).toEqual({ level: 1, letter: "g" });
  expect(levelAt(curve, 103)).toEqual({ level: null, letter: "w" });
  expect([levelAt(curve, 99), levelAt(curve, 104)]).toEqual([null, null]);
});

it("shows of each camera the newest picture so far", () => {
  const stills = [1, 2, 9].map((at_utc) => ({ seq: at_utc, camera: "cam-1", at_utc }));
  expect(stillsAt(stills, 5)).toEqual([stills[1]]);
  expect(stillsAt(stills, 0)).toEqual([]);
});

it("steps from one happening to the next, and stays at the ends", () => {
  expect([stepTo([3, 1, 2], 1, true), stepTo([3, 1, 2], 2, false)]).toEqual([2, 1]);
  expect([stepTo([1], 1, true), stepTo([1], 1, false)]).toEqual([null, null]);
});
