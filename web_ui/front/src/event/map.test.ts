/** The plan of an event: ways broken where nothing was known, and a frame that holds all that happened. */
import { expect, it } from "vitest";
import type { Way } from "../api/shapes/event.ts";
import { frame, lastPlace, pieces } from "./map.ts";

const way = (...places: ([number, number] | null)[]): Way => ({ from_utc: 0, step_s: 2, places });

it("breaks a way where the place was not known", () => {
  expect(pieces(way([0, 0], [1, 0], null, [5, 5]))).toEqual([
    [
      [0, 0],
      [1, 0],
    ],
    [[5, 5]],
  ]);
});

it("knows the last place and how old it is", () => {
  expect(lastPlace(way([0, 0], [1, 2], null, null))).toEqual({ place: [1, 2], age_s: 4 });
  expect(lastPlace(way(null, null))).toBeNull();
});

it("holds the area of the work and everybody's way, with air around them", () => {
  const corners: [number, number][] = [
    [0, 0],
    [20, 0],
    [20, 10],
    [0, 10],
  ];
  const areas = [{ id: "tank", name: { zh: "", en: "" }, corners }];
  expect(frame(areas, [[30, 5]], "tank")).toEqual({ x: -4.5, y: -1.5, width: 39, height: 13 });
  expect(frame(areas, [], "nowhere").width).toBe(26);
  expect(frame([], [[1, 1]], "").width).toBe(12);
});
