import { expect, test } from "vitest";
import { edits, figure, keyOf, put, valueAt } from "./draft.ts";

const NONE = new Map();
const OLD = {
  site: { id: "a", name: { zh: "甲", en: "A" } },
  gas: { "gas-1": { unit_id: 1, poll_s: 1 }, "gas-2": { unit_id: 2 } },
  shifts: [
    { id: "early", begins: "08:00" },
    { id: "late", begins: "20:00" },
  ],
};

test("nothing changed is no edit", () => {
  expect(edits(OLD, structuredClone(OLD), NONE)).toEqual([]);
});

test("a key is set where it stands, taken away, and a table comes whole", () => {
  let next = put(OLD, ["gas", "gas-1", "unit_id"], 9) as typeof OLD;
  next = put(next, ["gas", "gas-2"], undefined) as typeof OLD;
  next = put(next, ["gas", "gas-3"], { unit_id: 3 }) as typeof OLD;
  expect(edits(OLD, next, NONE)).toEqual([
    { do: "remove", at: ["gas", "gas-2"] },
    { do: "set", at: ["gas", "gas-1", "unit_id"], value: 9 },
    { do: "set", at: ["gas", "gas-3"], value: { unit_id: 3 } },
  ]);
  expect(Object.keys(next.gas)).toEqual(["gas-1", "gas-3"]);
});

test("rows are changed by their number, taken away from the end, added behind", () => {
  let next = put(OLD, ["shifts", 1, "begins"], "21:00");
  next = put(next, ["shifts", 0], undefined);
  next = put(next, ["shifts"], [...(valueAt(next, ["shifts"]) as unknown[]), { id: "night" }]);
  expect(edits(OLD, next as typeof OLD, NONE)).toEqual([
    { do: "set", at: ["shifts", 1, "begins"], value: "21:00" },
    { do: "remove", at: ["shifts", 0] },
    { do: "add", at: ["shifts"], value: { id: "night" } },
  ]);
});

test("another order is the whole list", () => {
  const next = { ...OLD, shifts: [...OLD.shifts].reverse() };
  expect(edits(OLD, next, NONE)).toEqual([{ do: "set", at: ["shifts"], value: next.shifts }]);
});

test("a secret is put apart", () => {
  const secrets = new Map([["uplink.password_file", { at: ["uplink", "password_file"], value: "x" }]]);
  expect(edits(OLD, OLD, secrets)).toEqual([{ do: "secret", at: ["uplink", "password_file"], value: "x" }]);
});

test("keys are named as the box names them", () => {
  expect(keyOf(OLD, ["gas", "gas-1", "poll_s"])).toBe("gas.gas-1.poll_s");
  expect(keyOf(OLD, ["shifts", 1, "begins"])).toBe("shifts[late].begins");
  expect(keyOf({ zones: { "3楼": 1 } }, ["zones", "3楼"])).toBe('zones."3楼"');
});

test("a figure is one, and what is none stays as typed", () => {
  expect([figure("2"), figure("0.5"), figure("-3"), figure(" "), figure("2 s")]).toEqual([
    2,
    0.5,
    -3,
    undefined,
    "2 s",
  ]);
});
