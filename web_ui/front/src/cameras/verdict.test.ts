import { describe, expect, it } from "vitest";
import type { SeenPerson } from "../api/cameras.ts";
import { signsOf, standingOf } from "./verdict.ts";

const person = (ppe?: Record<string, string>): SeenPerson => ({
  track: 7,
  box: [0, 0, 1, 1],
  score: 0.9,
  ...(ppe ? { ppe } : {}),
});

describe("what is said of a person", () => {
  it("is the worst of what was looked at, and nothing where nothing was", () => {
    expect(standingOf(person())).toBe("none");
    expect(standingOf(person({ helmet: "worn", vest: "worn" }))).toBe("worn");
    expect(standingOf(person({ helmet: "unsure", vest: "worn" }))).toBe("unsure");
    expect(standingOf(person({ helmet: "unsure", vest: "missing" }))).toBe("missing");
  });

  it("does not take a missing guard's colour for missing equipment", () => {
    expect(standingOf(person({ guard_mark: "missing" }))).toBe("none");
    expect(signsOf(person({ guard_mark: "missing" }), (item) => item)).toBe("7");
  });

  it("names what is missing and what cannot be told", () => {
    const seen = person({ helmet: "missing", vest: "unsure", gloves: "worn" });
    expect(signsOf(seen, (item) => item.toUpperCase())).toBe("7 · − HELMET · ? VEST");
  });
});
