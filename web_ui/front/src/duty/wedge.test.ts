/** A reader is told from somebody who types. */
import { describe, expect, it } from "vitest";
import { NOTHING, typed } from "./wedge.ts";

function all(keys: string[], gap_ms: number): string | null {
  let state = NOTHING;
  let found: string | null = null;
  for (const [index, key] of keys.entries()) {
    const step = typed(state, key, index * gap_ms);
    state = step.now;
    found = step.badge ?? found;
  }
  return found;
}

describe("a badge reader", () => {
  it("is known by its pace and its Enter", () => expect(all([..."04A2B9", "Enter"], 10)).toBe("04A2B9"));
  it("may press Shift", () => expect(all(["Shift", "A", "1", "2", "3", "Enter"], 10)).toBe("A123"));
  it("may end with Tab", () => expect(all([..."12345", "Tab"], 20)).toBe("12345"));
  it("is not somebody who types a PIN", () => expect(all([..."123456", "Enter"], 150)).toBeNull());
  it("is not a stray key and an Enter", () => expect(all(["1", "2", "Enter"], 5)).toBeNull());

  it("is known though one key comes late", () => {
    let state = NOTHING;
    for (const [index, key] of [..."04A2B9"].entries()) {
      state = typed(state, key, index * 10 + (index > 2 ? 300 : 0)).now;
    }
    expect(typed(state, "Enter", 365).badge).toBe("04A2B9");
  });

  it("begins anew after a pause", () => {
    let state = typed(NOTHING, "9", 0).now;
    for (const [index, key] of [..."1234"].entries()) state = typed(state, key, 600 + index * 10).now;
    expect(typed(state, "Enter", 640).badge).toBe("1234");
  });
});
