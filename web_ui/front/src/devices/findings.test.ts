import { expect, test } from "vitest";
import type { Finding } from "../api/shapes/look.ts";
import { allFine, faultsByLayer, keepsDevices } from "./findings.ts";

function finding(standing: Finding["standing"], layer: number, part = "x"): Finding {
  const words = { zh: "", en: "" };
  return { part, layer, standing, code: "c", says: words, remedy: words };
}

test("faults stand by layer, the plug before the value", () => {
  const found = [
    finding("fault", 7, "late"),
    finding("fault", 1, "plug"),
    finding("unseen", 1),
    finding("fine", 7),
  ];
  expect(faultsByLayer(found).map(([name, of]) => [name, of.map((one) => one.part)])).toEqual([
    ["plug", ["plug"]],
    ["value", ["late"]],
  ]);
});

test("what was not looked at is not fine, and neither is a look that saw nothing", () => {
  expect(allFine([finding("fine", 7)])).toBe(true);
  expect(allFine([finding("fine", 7), finding("unseen", 7)])).toBe(false);
  expect(allFine([])).toBe(false);
});

test("those who keep the devices or answer for the work", () => {
  expect(keepsDevices(["technician"])).toBe(true);
  expect(keepsDevices(["worker", "guard", "viewer"])).toBe(false);
});
