/** What is shown to whom, and how bad it looks. */
import { describe, expect, it } from "vitest";
import type { Permit, Step } from "../api/shapes/permit.ts";
import { arrived, arrives, onlyNext } from "./arrival.ts";
import { chief, concerns, ends, keyOf, mine, others, rare, stepOf } from "./steps.ts";
import { awaits, toneOf, worstFirst } from "./tone.ts";

const step = (ask: string, persons: string[], en = ask): Step => ({
  ask,
  persons,
  words: { zh: en, en },
  who: [],
  fresh: false,
  about: [],
  longest_s: null,
});

const permit = (changes: Partial<Permit> = {}): Permit =>
  ({
    id: "T-1",
    state: "active",
    word: "may_work",
    evacuate: false,
    shadow: false,
    holder_id: "wang",
    guards: [{ id: "li", name: "Li" }],
    workers: [{ id: "wu", name: "Wu" }],
    next: [
      step("start", ["wang", "li"]),
      step("check_in", ["li"]),
      step("stop", []),
      step("override", ["li"]),
    ],
    ...changes,
  }) as Permit;

describe("steps", () => {
  it("are mine where the box names me, in its order, without what has its own place", () => {
    expect(mine(permit(), "li").map((one) => one.ask)).toEqual(["start", "check_in", "override"]);
    expect(mine(permit(), undefined)).toEqual([]);
  });

  it("are others' where it names somebody else", () => {
    expect(others(permit(), "wang").map((one) => one.ask)).toEqual(["check_in"]);
    expect(others(permit(), undefined).map((one) => one.ask)).toEqual(["start", "check_in"]);
  });

  it("of one kind are told apart: a relief is no first check-in", () => {
    const two = permit({
      next: [step("check_in", ["chen"], "Relieve the guard"), step("check_in", ["li"], "Check in as guard")],
    });
    expect(stepOf(two, "chen", "check_in.relieve-the-guard")?.persons).toEqual(["chen"]);
    expect(stepOf(two, "chen", "check_in.check-in-as-guard")).toBeUndefined();
    expect(keyOf(step("start", []))).toBe("start");
  });

  it("are folded away where nobody decides in a hurry, but for what takes a decision back", () => {
    const override = step("override", ["li"]);
    expect([step("start", []), override, { ...override, longest_s: 60 }].map(rare)).toEqual([
      false,
      true,
      true,
    ]);
    expect(rare({ ...override, longest_s: 0 })).toBe(false);
    expect(["check_out", "end_work", "close", "enter"].map((ask) => ends(step(ask, [])))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("concern who is named on the ticket", () => {
    expect(["wang", "li", "wu", "zhao"].map((id) => concerns(permit(), id))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("who logs in", () => {
  const waits = (changes: Partial<Permit> = {}) =>
    permit({
      state: "received",
      guard_id: null,
      measures: [],
      needs_retest: false,
      next: [step("check_in", ["li"], "Check in as guard"), step("approve", ["qian"])],
      ...changes,
    });

  it("comes at once to the only preparation that waits for him", () => {
    expect(onlyNext([waits()], "qian")).toBe("/p/T-1?do=approve");
    expect(onlyNext([waits()], "li")).toBe("/p/T-1?do=check_in.check-in-as-guard");
    expect(onlyNext([waits({ next: [step("retest", ["sun"])], needs_retest: true })], "sun")).toBe(
      "/p/T-1?do=retest",
    );
  });

  it("chooses himself where several things wait, or none", () => {
    expect(onlyNext([waits(), waits({ id: "T-2" })], "qian")).toBeNull();
    expect(onlyNext([waits()], "wang")).toBeNull();
    expect(onlyNext([waits({ next: [step("retest", ["sun"])] })], "sun")).toBeNull();
    expect(onlyNext([waits({ guard_id: "chen" })], "li")).toBeNull();
  });

  it("sees first how it stands where danger would begin or go on", () => {
    expect(onlyNext([waits({ state: "ready", next: [step("start", ["qian"])] })], "qian")).toBeNull();
    expect(onlyNext([waits({ state: "paused" })], "qian")).toBeNull();
    expect(onlyNext([waits({ state: "active" })], "li")).toBeNull();
  });

  it("is led there once", () => {
    expect(arrived()).toBe(false);
    arrives();
    expect([arrived(), arrived()]).toEqual([true, false]);
  });

  it("has one large button, never one with which work ends while it goes on", () => {
    const goes = permit({ next: [step("end_work", ["wang"]), step("enter", ["wang"])] });
    expect(chief(goes, "wang")).toBeUndefined();
    expect(chief(permit(), "wang")?.ask).toBe("start");
    expect(chief(permit({ next: [step("start", ["li"]), step("here", ["li"])] }), "li")).toBeUndefined();
  });
});

describe("tone", () => {
  it.each([
    [{ word: "may_work" }, "may_work"],
    [{ word: "warning" }, "warning"],
    [{ word: "may_work", state: "fire_watch" }, "watch"],
    [{ word: "stopped", state: "fire_watch" }, "watch"],
    [{ word: "warning", state: "fire_watch" }, "warning"],
    [{ word: "stopped", state: "paused" }, "stopped"],
    [{ word: "stopped", state: "ready" }, "waiting"],
    [{ word: "stopped", state: "closed" }, "over"],
    [{ word: "stopped", state: "expired", fire_watch: { left_s: 60 } }, "watch"],
    [{ word: "evacuate", state: "paused" }, "evacuate"],
    [{ evacuate: true, state: "expired" }, "evacuate"],
    [{ word: "may_work", shadow: true }, "shadow"],
    [{ word: "may_work", state: "brand_new" }, "unknown"],
    [{ word: "brand_new" }, "unknown"],
    [{ word: "may_work", state: "paused" }, "stopped"],
    [{ word: "may_work", state: "resume_check" }, "stopped"],
  ] as const)("%j looks %s", (changes, tone) => expect(toneOf(permit(changes))).toBe(tone));

  it("puts the worst first, and what nobody knows before what is stopped", () => {
    const all = worstFirst([
      permit({ id: "ok" }),
      permit({ id: "paused", state: "paused" }),
      permit({ id: "what", state: "what" }),
      permit({ id: "out", evacuate: true }),
    ]);
    expect(all.map((one) => one.id)).toEqual(["out", "what", "paused", "ok"]);
  });
});

it("speaks of starting what has never begun, also while people leave", () => {
  const of = (state: string) =>
    awaits(permit({ state, evacuate: true, word: "evacuate" } as Partial<Permit>));
  expect(["received", "ready", "paused", "suspended", "resume_check"].map(of)).toEqual([
    ...["start", "start"],
    ...["resume", "resume", "resume"],
  ]);
  expect(["active", "fire_watch", "expired", "closed"].map(of)).toEqual(["now", "now", "now", "now"]);
});
