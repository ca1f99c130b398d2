/** Which measures a ticket begins with, and who or what shows each of them. */
import { expect, it } from "vitest";
import type { Live } from "../api/shapes/live.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Offers, WorkKind } from "../api/shapes/tickets.ts";
import { EMPTY } from "./draft.ts";
import { measuresOf, proofOf, proversOf } from "./measures.ts";

const words = { zh: "", en: "" };
const asked = [
  { id: "cleaned", words, shown_by: "people" },
  { id: "watched", words, shown_by: "gas" },
  { id: "recorded", words, shown_by: "camera" },
];
const area = { id: "tank", name: words, corners: [] } as PlanArea;
const draft = { ...EMPTY, area, work: { measures: asked } as unknown as WorkKind };
const offers = { devices: { tank: ["gas-1", "gas-2", "cam-1", "relay-1"] } } as unknown as Offers;
const live = { gas: [{ id: "gas-2" }, { id: "gas-1" }], cameras: [{ id: "cam-1" }] } as unknown as Live;
const here = proversOf(draft, offers, live);
const nothing = { gas: [], camera: [], other: [] };

it("knows what stands in the area and can show something", () => {
  expect(here).toEqual({ gas: ["gas-1", "gas-2"], camera: ["cam-1"], other: ["relay-1"] });
});

it("takes all of them, shown by a device where one can, else by people", () => {
  expect(measuresOf(draft, here)).toEqual([
    { id: "cleaned", kind: "manual" },
    { id: "watched", kind: "iot", source: "gas-1" },
    { id: "recorded", kind: "ai", source: "cam-1" },
  ]);
  expect(measuresOf(draft, nothing).map((one) => one.kind)).toEqual(["manual", "manual", "manual"]);
});

it("leaves out what does not apply, and lets people look where a device could", () => {
  const changed = { ...draft, left_out: ["cleaned"], shown_by: { watched: "gas-2", recorded: "" } };
  expect(proofOf("recorded", "camera", changed, here)).toBe("");
  expect(measuresOf(changed, here)).toEqual([
    { id: "watched", kind: "iot", source: "gas-2" },
    { id: "recorded", kind: "manual" },
  ]);
});

it("adds what this ticket needs beside", () => {
  const own = [
    { words: " a fence ", source: "" },
    { words: "the valve is shut", source: "relay-1" },
    { words: "nobody below", source: "cam-1" },
  ];
  expect(measuresOf({ ...draft, work: null, own }, here)).toEqual([
    { id: "own-1", kind: "manual", words: { zh: "a fence", en: "a fence" } },
    {
      id: "own-2",
      kind: "iot",
      source: "relay-1",
      words: { zh: "the valve is shut", en: "the valve is shut" },
    },
    { id: "own-3", kind: "ai", source: "cam-1", words: { zh: "nobody below", en: "nobody below" } },
  ]);
});
