/** What is signed is what was filled in: nothing is added for anybody, nothing is missing. */
import { describe, expect, it } from "vitest";
import type { Permit, Step } from "../api/shapes/permit.ts";
import { cellsOf, formOf, samplesOf } from "./forms.ts";

const permit = {
  id: "T-1",
  test: {
    gases: [
      { gas: "o2", words: { zh: "氧气", en: "oxygen" }, unit: "%", places: ["upper", "lower"], any_of: [] },
      { gas: "toxic", words: { zh: "有毒", en: "toxic" }, unit: "ppm", places: [], any_of: ["h2s", "co"] },
    ],
  },
} as unknown as Permit;
const step = (ask: string, about: string[] = []): Step => ({
  ask,
  about,
  longest_s: null,
  words: { zh: ask, en: ask },
  who: [],
  persons: ["li"],
  fresh: false,
});

describe("a form", () => {
  it("names whom the box has named", () => {
    expect(formOf(permit, step("check_in", ["li"]), {})).toEqual({
      ask: "check_in",
      permit: "T-1",
      about: ["li"],
    });
    expect(formOf(permit, step("check_in"), {})).toEqual({ ask: "check_in", permit: "T-1" });
  });

  it("confirms nothing that nobody ticked", () => {
    expect(formOf(permit, step("confirm", ["m1", "m2"]), { about: ["m2"] }).about).toEqual(["m2"]);
    expect(formOf(permit, step("contact", ["wu"]), {})).not.toHaveProperty("about");
  });

  it("acknowledges all alarms of the permit at once", () =>
    expect(formOf(permit, step("acknowledge", []), {})).toEqual({ ask: "acknowledge", permit: permit.id }));
});

describe("a gas test", () => {
  const cells = cellsOf(permit, { toxic: "co" });
  it("asks for each gas at each place, and for the chosen one of several", () =>
    expect(cells.map((one) => `${one.gas}@${one.place}`)).toEqual(["o2@upper", "o2@lower", "co@"]));

  it("is complete with every value", () =>
    expect(
      samplesOf(cells, { "o2 upper": "20.9", "o2 lower": "20.8", "toxic ": "0" }, "here")?.at(-1),
    ).toEqual({
      gas: "co",
      unit: "ppm",
      level: 0,
      place: "here",
    }));

  it.each(["", ".", "-1", "1.", "abc"])("is not complete with %j", (value) =>
    expect(samplesOf(cells, { "o2 upper": value, "o2 lower": "20", "toxic ": "0" }, "here")).toBeNull(),
  );

  it("is none when nothing is asked for", () => expect(samplesOf([], {}, "here")).toBeNull());
});
