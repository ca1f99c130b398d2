/** What the columns of a table of people are called, in both languages, and which of them a table has. Pure. */
import { type Bilingual, type Key, t, type Words } from "../words/words.ts";
import type { Row } from "./csv.ts";
import type { Flaw } from "./sheet.ts";

const PLAIN = [
  "id",
  "name",
  "roles",
  "pin",
  "badge",
  "language",
  "wearable",
  "areas",
  "signs_as",
  "trained",
] as const;
const CERTIFICATE = ["number", "covers", "until"] as const;
const SHOWN_IN_TEMPLATE = ["id", "name", "roles", "pin", "badge", "wearable", "trained"] as const;
const MOST_CERTIFICATES = 9;

export type Column = (typeof PLAIN)[number] | `${(typeof CERTIFICATE)[number]}${string}`;

/** Roles as they were called in tables of version 0.2.0. */
export const ROLES_ONCE: Readonly<Record<string, string>> = { 检测人: "tester" };

/** Ids by what people call them, however they spell it. */
export class Called {
  private readonly ids = new Map<string, string>();
  private readonly rows: readonly (readonly [string, Words])[];
  private readonly shown: (words: Words) => string;

  /** `once`: ids by what they were called before; an old table is still read. */
  constructor(
    rows: readonly (readonly [string, Words])[],
    shown: (words: Words) => string,
    once: Readonly<Record<string, string>> = {},
  ) {
    this.rows = rows;
    this.shown = shown;
    for (const [name, id] of Object.entries(once)) this.ids.set(folded(name), id);
    for (const [id, { zh, en }] of rows) {
      for (const name of [zh, en]) this.ids.set(folded(name.replace(/[（(].*$/, "")), id); // 动火（焊接与热切割）
    }
    for (const [id, { zh, en }] of rows) {
      for (const name of [id, zh, en]) this.ids.set(folded(name), id);
    }
  }

  id(said: string): string | undefined {
    return this.ids.get(folded(said));
  }

  get list(): string {
    return this.rows.map(([, words]) => this.shown(words)).join(t("phone.comma"));
  }
}

export interface Names {
  columns: Called;
  roles: Called;
  areas: Called;
  signs_as: Called;
  language: Called;
  covers: Called;
}

export function folded(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_-]/g, "");
}

/** "number", "number 2" … with the words of their heads. */
export function heads(named: Bilingual): [Column, Words][] {
  const plain = PLAIN.map((id): [Column, Words] => [id, named(`sheet.${id}` as Key)]);
  const numbers = Array.from({ length: MOST_CERTIFICATES }, (_, at) => (at === 0 ? "" : String(at + 1)));
  const papers = numbers.flatMap((of) =>
    CERTIFICATE.map((id): [Column, Words] => {
      const { zh, en } = named(`sheet.${id}`);
      return [`${id}${of}`, { zh: `${zh} ${of}`.trim(), en: `${en} ${of}`.trim() }];
    }),
  );
  return [...plain, ...papers];
}

/** The heads of the table that people take away to fill in: two certificates, for guards often test as well. */
export function templateHeads(named: Bilingual): Words[] {
  const all = new Map(heads(named));
  const wanted = [...SHOWN_IN_TEMPLATE, "number", "covers", "until", "number2", "covers2", "until2"] as const;
  return wanted.flatMap((id) => all.get(id) ?? []);
}

/** Which column stands where. */
export class Cells {
  private readonly at: ReadonlyMap<Column, number>;
  private readonly row: Row;

  constructor(at: ReadonlyMap<Column, number>, row: Row) {
    this.at = at;
    this.row = row;
  }

  get width(): number {
    return this.row.cells.length;
  }

  get certificates(): string[] {
    const found = [...this.at.keys()].flatMap((id) => /^(?:number|covers|until)(\d*)$/.exec(id)?.[1] ?? []);
    return [...new Set(found)];
  }

  of(row: Row, column: Column): string {
    const at = this.at.get(column);
    return at === undefined ? "" : (row.cells[at] ?? "");
  }

  /** As the table calls it; where it has no such column, as people would. */
  head(column: Column): string {
    const at = this.at.get(column);
    const [, plain = "", of = ""] = /^(.*?)(\d*)$/.exec(column) ?? [];
    return at === undefined ? `${t(`sheet.${plain}` as Key)} ${of}`.trim() : (this.row.cells[at] ?? column);
  }
}

export function columns(head: Row, names: Names): { found: Cells; flaws: Flaw[] } {
  const at = new Map<Column, number>();
  const flaws: Flaw[] = [];
  const wrong = (column: string, words: string) => flaws.push({ line: head.line, column, words });
  for (const [index, said] of head.cells.entries()) {
    if (said === "") continue;
    const id = names.columns.id(said) as Column | undefined;
    if (id === undefined) wrong(said, t("sheet.no_column", { known: t("sheet.see_template") }));
    else if (at.has(id)) wrong(said, t("sheet.column_twice"));
    else at.set(id, index);
  }
  const found = new Cells(at, head);
  if (!at.has("id")) wrong(found.head("id"), t("sheet.needs_column"));
  return { found, flaws };
}
