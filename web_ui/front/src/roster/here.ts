/** What a table of people is read against: who is known, which works, areas and wearables there are, and their names. */
import { call } from "../api/client.ts";
import { everybody } from "../api/people.ts";
import type { Known } from "../api/shapes/people.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { type Bilingual, bilingual, type Key, said, t } from "../words/words.ts";
import { Called, heads, type Names, ROLES_ONCE } from "./columns.ts";
import { read } from "./csv.ts";
import { CAPACITIES, ROLES } from "./edit.tsx";
import { people, type Sheet } from "./sheet.ts";

export interface Here {
  known: Known[];
  offers: Offers;
  areas: PlanArea[];
  named: Bilingual;
}

export async function here(): Promise<Here> {
  const [known, offers, { areas }, named] = await Promise.all([
    everybody(),
    call<Offers>("GET", "/works"),
    call<{ areas: PlanArea[] }>("GET", "/plan"),
    bilingual(),
  ]);
  return { known, offers, areas, named };
}

export function namesOf({ offers, areas, named }: Here): Names {
  const called = (section: string, ids: string[], once = {}) =>
    new Called(
      ids.map((id) => [id, named(`${section}.${id}` as Key)] as const),
      said,
      once,
    );
  return {
    columns: new Called(heads(named), said),
    roles: called("role", ROLES, ROLES_ONCE),
    signs_as: called("role", CAPACITIES),
    areas: new Called(
      areas.map((one) => [one.id, one.name] as const),
      said,
    ),
    language: new Called(
      [
        ["zh", { zh: "中文", en: "Chinese" }],
        ["en", { zh: "英文", en: "English" }],
      ],
      said,
    ),
    covers: new Called(Object.entries(offers.scopes), said),
  };
}

const NONE: Sheet = { entries: [], flaws: [] };

export function sheetOf(text: string, now: Here, names: Names, spoken: string): Sheet {
  if (text.trim() === "") return NONE;
  const found = read(text);
  if ("unreadable" in found) {
    return { ...NONE, flaws: [{ line: found.line, column: "", words: t(`sheet.${found.unreadable}`) }] };
  }
  const { known, offers } = now;
  return people(found.rows, { known, names, wearables: offers.wearables, language: spoken });
}
