/** A device calls when something got worse, and never for what it showed already. */
import { describe, expect, it } from "vitest";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { called, EVERYBODY, standing } from "./calls.ts";

const permit = (changes: Partial<Permit>): Permit =>
  ({
    id: "T-1",
    state: "active",
    word: "may_work",
    evacuate: false,
    shadow: false,
    holder_id: "wang",
    guard_id: "li",
    guards: [{ id: "li", name: "Li" }],
    workers: [],
    guard_presence: null,
    ...changes,
  }) as Permit;
const live = (...permits: Permit[]) => ({ permits }) as unknown as Live;
const FINE = live(permit({}));

function then(next: Live, person = "li") {
  return called(next, person, called(FINE, person, new Map()).now).pattern;
}

describe("called", () => {
  it("stays quiet while nothing changes", () => expect(then(FINE)).toBeNull());
  it("warns", () => expect(then(live(permit({ word: "warning" })))).toBe("warning"));
  it("says stop", () => expect(then(live(permit({ state: "paused", word: "stopped" })))).toBe("stopped"));
  it("says leave, also to who opens the page only now", () => {
    const out = live(permit({ evacuate: true, state: "paused", word: "evacuate" }));
    expect(then(out)).toBe("evacuate");
    expect(called(out, "li", new Map()).pattern).toBe("evacuate");
  });
  it("is for the people of the permit alone", () =>
    expect(then(live(permit({ state: "paused", word: "stopped" })), "zhao")).toBeNull());
  it("is for everybody at the box's own screen", () => {
    const bad = live(permit({ state: "paused", word: "stopped" }));
    expect(called(bad, EVERYBODY, called(FINE, EVERYBODY, new Map()).now).pattern).toBe("stopped");
    expect(standing(live(permit({ evacuate: true })), EVERYBODY)).toBe("evacuate");
  });
  it("takes the worst of several", () => {
    const bad = live(permit({ word: "warning" }), permit({ id: "T-2", evacuate: true }));
    expect(then(bad)).toBe("evacuate");
  });
  it("does not call because work resumed", () => {
    const stopped = called(live(permit({ state: "paused", word: "stopped" })), "li", new Map());
    expect(called(FINE, "li", stopped.now).pattern).toBeNull();
  });
});

describe("standing", () => {
  const asked = {
    state: "asked",
    since_utc: 0,
    words: { zh: "", en: "" },
    press_by_utc: 9,
    by_screen: false,
  } as const;
  it("goes on while the guard is asked, for him alone", () => {
    expect(standing(live(permit({ guard_presence: asked })), "li")).toBe("asked");
    expect(standing(live(permit({ guard_presence: asked })), "wang")).toBeNull();
  });
  it("goes on while people must leave", () =>
    expect(standing(live(permit({ evacuate: true })), "wang")).toBe("evacuate"));
});
