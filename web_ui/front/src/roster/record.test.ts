/** A record is sent as far as it changed; days are the site's; nothing half filled in is signed. */
import { beforeEach, expect, it } from "vitest";
import { box } from "../api/box.ts";
import type { Box } from "../api/shapes/box.ts";
import type { Known } from "../api/shapes/people.ts";
import { filledOf, formOf, lacking, NOBODY } from "./record.ts";

const ENDS_UTC = 1_798_732_800; // 2026-12-31 16:00 UTC: the end of that day in China
const LI: Known = {
  ...{
    id: "li-na",
    name: "Li Na",
    roles: ["guard"],
    areas: [],
    language: "zh",
    denied: false,
    until_utc: null,
  },
  qualification: {
    tag: "tag-1",
    certificates: [{ number: "C-1", scopes: ["guard"], valid_to_utc: ENDS_UTC - 7, status: "suspended" }],
    training_ok_until_utc: ENDS_UTC,
    daily_class_utc: null,
    signs_as: [],
    contractor: "",
    team: "",
  },
};

beforeEach(() => box.set({ timezone: "Asia/Shanghai" } as Box));

it("sends nothing that was left as it was", () => {
  const form = formOf(filledOf(LI), LI, false);
  expect(form).toEqual({
    ask: "person",
    record: { id: "li-na", name: "Li Na", roles: ["guard"], language: "zh" },
  });
});

it("keeps a certificate's own second and its issuer's word where the day is not touched", () => {
  const filled = filledOf(LI);
  expect(filled.licences[0]?.until).toBe("2026-12-31");
  const more = { number: "C-2", scopes: ["hot"], until: "2026-12-31", before: null };
  const record = formOf({ ...filled, licences: [...filled.licences, more] }, LI, false)?.record;
  expect(record?.certificates).toEqual([
    { number: "C-1", scopes: ["guard"], valid_to_utc: ENDS_UTC - 7, status: "suspended" },
    { number: "C-2", scopes: ["hot"], valid_to_utc: ENDS_UTC },
  ]);
});

it("counts a day to its end by the site's clock, also where the clock is set that night", () => {
  box.set({ timezone: "Europe/Berlin" } as Box);
  const filled = { ...filledOf(LI), trained_until: "2026-10-24" };
  expect(formOf(filled, LI, false)?.record?.training_ok_until_utc).toBe(Date.UTC(2026, 9, 24, 22) / 1000);
  const after = { ...filled, trained_until: "2026-10-25" }; // winter time since 03:00
  expect(formOf(after, LI, false)?.record?.training_ok_until_utc).toBe(Date.UTC(2026, 9, 25, 23) / 1000);
});

it("ends a training that is taken away, and takes off a wearable", () => {
  const record = formOf({ ...filledOf(LI), trained_until: "", tag: "" }, LI, false)?.record;
  expect(record?.training_ok_until_utc).toBeLessThan(ENDS_UTC - 31e6);
  expect(record?.tag).toBe("");
});

it.each([
  [{ name: "" }, "who"],
  [{ roles: [] }, "who"],
  [{ pin: "12" }, "pin"],
  [{ denied: true }, "why"],
  [{ licences: [{ number: "", scopes: ["hot"], until: "2026-12-31", before: null }] }, "licence"],
  [{ licences: [{ number: "1", scopes: [], until: "2026-12-31", before: null }] }, "licence"],
  [{ licences: [{ number: "1", scopes: ["hot"], until: "soon", before: null }] }, "licence"],
])("%j is not signed: %s is missing", (change, what) => {
  const filled = { ...filledOf(LI), ...change };
  expect(lacking(filled, LI, false)).toBe(what);
  expect(formOf(filled, LI, false)).toBeNull();
});

it("lets an inspector look until the end of a day, and be nothing else", () => {
  const filled = { ...filledOf(NOBODY), id: "x", name: "X", badge: "B", roles: ["inspector"] };
  expect(lacking(filled, NOBODY, true)).toBe("until");
  const dated = { ...filled, inspects_until: "2026-12-31" };
  expect(formOf(dated, NOBODY, true)?.record?.valid_until_utc).toBe(ENDS_UTC);
  expect(lacking({ ...dated, roles: ["inspector", "viewer"] }, NOBODY, true)).toBe("until");
  const known = { ...LI, roles: ["inspector"], until_utc: ENDS_UTC };
  expect(filledOf(known).inspects_until).toBe("2026-12-31");
  expect(formOf(filledOf(known), known, false)?.record).not.toHaveProperty("valid_until_utc");
});

it("asks of somebody new for a proof", () => {
  const filled = { ...filledOf(NOBODY), id: "x", name: "X", roles: ["worker"] };
  expect(formOf(filled, NOBODY, true)).toBeNull();
  expect(formOf({ ...filled, badge: "B" }, NOBODY, true)?.new_badge).toBe("B");
});

it("lets somebody in again", () => {
  const barred = { ...LI, denied: true };
  expect(formOf({ ...filledOf(barred), denied: false }, barred, false)?.record?.denied).toBe("");
});
