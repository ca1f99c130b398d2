/** A line of a table becomes a record as the form would make it, or says what is wrong with it, where and how to mend it. */
import en from "virtual:words/en";
import { beforeEach, expect, it } from "vitest";
import { box } from "../api/box.ts";
import type { Box } from "../api/shapes/box.ts";
import type { Known } from "../api/shapes/people.ts";
import { bilingual, said, speakFrom, type Words } from "../words/words.ts";
import { Called, heads, type Names, ROLES_ONCE, templateHeads } from "./columns.ts";
import { read } from "./csv.ts";
import { readDay } from "./days.ts";
import { people, type Sheet } from "./sheet.ts";

const named = await bilingual();
const called = (rows: Record<string, Words>) => new Called(Object.entries(rows), said);
const role = (id: string) => [id, named(`role.${id}` as "role.guard")] as const;
const NAMES: Names = {
  columns: new Called(heads(named), said),
  roles: new Called(["guard", "tester", "holder", "inspector"].map(role), said, ROLES_ONCE),
  signs_as: new Called(["workshop_manager"].map(role), said),
  areas: called({ tank: { zh: "三号罐/东", en: "Tank 3/east" } }),
  language: called({ zh: { zh: "中文", en: "Chinese" }, en: { zh: "英文", en: "English" } }),
  covers: called({
    guard: { zh: "作业监护", en: "guarding work" },
    hot: { zh: "动火（焊接与热切割）", en: "hot work (welding)" },
  }),
};
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
    ...{
      tag: "tag-1",
      training_ok_until_utc: null,
      daily_class_utc: null,
      signs_as: [],
      contractor: "",
      team: "",
    },
    certificates: [{ number: "C-1", scopes: ["guard"], valid_to_utc: 1_798_732_800, status: "valid" }],
  },
};

function sheet(text: string): Sheet {
  const found = read(text);
  if (!("rows" in found)) throw new Error(found.unreadable);
  return people(found.rows, { known: [LI], names: NAMES, wearables: ["tag-1", "tag-2"], language: "en" });
}

const flaws = (text: string) =>
  sheet(text).flaws.map(({ line, column, words }) => `${line} ${column}: ${words}`);

beforeEach(() => {
  box.set({ timezone: "Asia/Shanghai" } as Box);
  speakFrom(en, "en");
});

it("makes somebody new in the words of either language", () => {
  const zh = "人员编号;姓名;角色;PIN;手环;培训有效至;证书编号;证书范围;证书有效至\n";
  const { entries, flaws } = sheet(
    `${zh}wu-gang;吴刚;监护人、分析人;3307;tag-2;2099/12/31;C-9;作业监护+动火;2099年1月2日\n`,
  );
  expect(flaws).toEqual([]);
  expect(entries[0]?.form).toEqual({
    ask: "person",
    new_pin: "3307",
    record: {
      ...{ id: "wu-gang", name: "吴刚", roles: ["guard", "tester"], language: "en", tag: "tag-2" },
      certificates: [{ number: "C-9", scopes: ["guard", "hot"], valid_to_utc: 4_071_052_800 }],
      training_ok_until_utc: 4_102_416_000,
    },
  });
});

it("reads a role as an older table calls it", () => {
  const { entries, flaws } = sheet("人员编号,姓名,角色,PIN\nwu-gang,吴刚,检测人,3307\n");
  expect(flaws).toEqual([]);
  expect(entries[0]?.form).toMatchObject({ record: { roles: ["tester"] } });
});

it("leaves what a cell does not say as it is, and sends nothing of whom nothing is another", () => {
  const { entries } = sheet("id,name,pin,Areas,certificate,covers,valid until\nli-na,,,,,,\n");
  expect(entries[0]?.form).toBeNull();
  const [changed] = sheet(
    "id,badge,Areas,certificate,covers,valid until\nli-na,B-77,Tank 3/east,C-1,guarding work,2099-01-02\n",
  ).entries;
  expect(changed?.form).toMatchObject({ new_badge: "B-77", record: { areas: ["tank"] } });
  expect(changed?.form?.record?.certificates).toHaveLength(1);
  expect(changed?.isNew).toBe(false);
});

it("names each wrong line with its column and what to do, all at once", () => {
  const head = "id,name,roles,pin,badge,wearable,trained,number,covers,until\n";
  const found = flaws(
    [
      `${head}Wu Gang,Wu,guard,3307,,,,,,`,
      "a,,guard,3307,,,,,,",
      "b,B,boss,3307,,,,,,",
      "c,C,guard,12,,,,,,",
      "d,D,guard,1234,,,,,,",
      "e,E,guard,,,,,,,",
      "f,F,guard,,1.23457E+11,,,,,",
      "g,G,guard,3307,,tag-9,,,,",
      "h,H,guard,3307,,tag-1,,,,",
      "i,I,guard,3307,,,05/06/2027,,,",
      "j,J,guard,3307,,,,C-1,,2099-01-01",
      "k,K,,3307,,,,,,",
      "l,L,guard,3307,,,,,,,extra",
    ].join("\n"),
  );
  const wanted = [
    /^2 id: .*no id/,
    /^3 name: The name/,
    /^4 roles: "boss" is not known here; known are: guard, tester/,
    /^5 pin: .*4 to 12 digits/,
    /^6 pin: .*guessed/,
    /^7 pin: Somebody new/,
    /^8 badge: Excel has rounded/,
    /^9 wearable: "tag-9" is not known here; known are: tag-1, tag-2/,
    /^10 wearable: It is worn by Li Na/,
    /^11 trained: .*write 2027-05-31/,
    /^12 covers: A certificate needs/,
    /^13 roles: At least one/,
    /^14 : More cells/,
  ];
  expect(found).toHaveLength(wanted.length);
  for (const [at, line] of wanted.entries()) expect(found[at]).toMatch(line);
});

it("never leaves out in silence whom a table cannot say whole", () => {
  expect(flaws("id,name,roles,pin\nins,I,inspector,3307")).toEqual([
    expect.stringContaining("2 : This one needs"),
  ]);
});

it("names what two lines give and only one can have", () => {
  const twice =
    "id,name,roles,pin,badge,wearable\na,A,guard,3307,B-77,tag-2\nb,B,guard,3307,B-77,tag-2\na,C,guard,3307,,\n";
  expect(flaws(twice)).toEqual([
    "3 badge: The same stands on line 2: only one of them can have it.",
    "3 wearable: The same stands on line 2: only one of them can have it.",
    "4 id: The same stands on line 2: only one of them can have it.",
  ]);
});

it("names a column that it does not know, one that stands there twice, and the one that it needs", () => {
  expect(flaws("id,colour,name,name\na,red,A,A")).toHaveLength(2);
  expect(flaws("name\nA")).toEqual(["1 Person id: This column is missing: every line needs an id."]);
  expect(flaws("id,name\n")).toEqual(["1 : There is no line with a person under the columns' names."]);
});

it("knows every head of the template, in both languages", () => {
  for (const words of templateHeads(named)) {
    for (const one of [words.zh, words.en]) expect(NAMES.columns.id(one)).toBeDefined();
  }
});

it("reads a day that is written in one way only", () => {
  expect(["2027-5-31", "2027/05/31", "2027.5.31", "31.5.2027", "2027年5月31日"].map(readDay)).toEqual(
    Array(5).fill("2027-05-31"),
  );
  expect(["31/5/2027", "2027-02-30", "2027-13-01", "soon", "45000"].map(readDay)).toEqual(
    Array(5).fill(null),
  );
});
