/** People out of a table: each line becomes a record as if somebody had filled it in, or is named with what is wrong. Pure. */
import type { Form } from "../api/shapes/asking.ts";
import type { Known } from "../api/shapes/people.ts";
import { type Key, t } from "../words/words.ts";
import { type Called, type Cells, type Column, columns, type Names } from "./columns.ts";
import type { Row } from "./csv.ts";
import { readDay } from "./days.ts";
import { type Filled, filledOf, formOf, type Licence, lacking, NOBODY } from "./record.ts";

export const MOST = 500; // lines of one table

/** Something to mend, where it stands. */
export interface Flaw {
  line: number;
  column: string; // as its head says; "": the whole line
  words: string;
}

export interface Entry {
  line: number;
  key: string; // what stands on it
  before: Known;
  isNew: boolean;
  filled: Filled;
  form: Form | null; // null: nothing in it is another than now
}

export interface Sheet {
  entries: Entry[];
  flaws: Flaw[];
}

/** What is known here beside the table. */
export interface Around {
  known: readonly Known[];
  names: Names;
  wearables: readonly string[];
  language: string; // of somebody of whom the table does not say it
}

/** Every line; whatever is wrong with any of them is told at once. */
export function people(rows: readonly Row[], around: Around): Sheet {
  const [head, ...lines] = rows;
  if (!head) return { entries: [], flaws: [] };
  const { found, flaws } = columns(head, around.names);
  if (flaws.length > 0) return { entries: [], flaws };
  if (lines.length === 0) flaws.push({ line: head.line, column: "", words: t("sheet.no_lines") });
  if (lines.length > MOST)
    flaws.push({ line: head.line, column: "", words: t("sheet.many", { most: MOST }) });
  const read = lines.map((row) => new Line(row, found, around));
  const entries = read.map((one) => one.entry());
  const all = [...flaws, ...read.flatMap((one) => one.flaws), ...twice(read, entries)];
  return { entries: entries.filter((one) => one !== null), flaws: all.sort((a, b) => a.line - b.line) };
}

const UNIQUE: readonly (readonly [Column, (one: Filled) => string])[] = [
  ["id", (one) => one.id],
  ["badge", (one) => one.badge],
  ["wearable", (one) => one.tag],
];

/** What only one may have, and two lines give. */
function twice(read: readonly Line[], entries: readonly (Entry | null)[]): Flaw[] {
  return UNIQUE.flatMap(([column, of]) => {
    const values = entries.map((one) => (one ? of(one.filled) : ""));
    return read.flatMap((one, at) => {
      const first = values.indexOf(values[at] ?? "");
      const line = entries[first]?.line;
      return values[at] && first < at && line ? [one.flaw(column, "sheet.twice", { line })] : [];
    });
  });
}

/** One line while it is read. */
class Line {
  readonly flaws: Flaw[] = [];
  private readonly row: Row;
  private readonly cells: Cells;
  private readonly around: Around;

  constructor(row: Row, cells: Cells, around: Around) {
    this.row = row;
    this.cells = cells;
    this.around = around;
  }

  entry(): Entry | null {
    if (this.row.cells.length > this.cells.width && this.row.cells.slice(this.cells.width).some(Boolean)) {
      this.flaws.push({ line: this.row.line, column: "", words: t("sheet.long") });
    }
    const id = this.id();
    const known = this.around.known.find((one) => one.id === id);
    const before = known ?? { ...NOBODY, language: this.around.language };
    const filled = this.filled(id, before, known === undefined);
    if (this.flaws.length === 0 && lacking(filled, before, known === undefined)) {
      this.flaws.push({ line: this.row.line, column: "", words: t("sheet.by_hand") }); // an inspector's last day
    }
    if (this.flaws.length > 0) return null;
    const old = JSON.stringify(filledOf(before));
    const form = known && JSON.stringify(filled) === old ? null : formOf(filled, before, known === undefined);
    return {
      line: this.row.line,
      key: this.row.cells.join("\u0000"),
      before,
      isNew: known === undefined,
      filled,
      form,
    };
  }

  flaw(column: Column, key: Key, values: Record<string, string | number> = {}): Flaw {
    return { line: this.row.line, column: this.cells.head(column), words: t(key, values) };
  }

  private wrong(column: Column, key: Key, values: Record<string, string | number> = {}): void {
    this.flaws.push(this.flaw(column, key, values));
  }

  private cell(column: Column): string {
    return this.cells.of(this.row, column);
  }

  private id(): string {
    const id = this.cell("id");
    if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(id)) this.wrong("id", "sheet.bad_id", { id });
    return id;
  }

  /** What a cell does not say stays as it is. */
  private filled(id: string, before: Known, isNew: boolean): Filled {
    const old = filledOf(before);
    const filled = {
      ...old,
      id,
      name: this.cell("name") || old.name,
      roles: this.several("roles", old.roles),
      areas: this.several("areas", old.areas),
      signs_as: this.several("signs_as", old.signs_as),
      language: this.one("language") || old.language,
      pin: this.pin(id),
      badge: this.badge(),
      tag: this.tag(id) || old.tag,
      trained_until: this.day("trained") || old.trained_until,
      licences: this.licences(old.licences),
    };
    if (!filled.name || filled.name.length > 100) this.wrong("name", "sheet.no_name");
    if (filled.roles.length === 0 && this.cell("roles") === "") this.wrong("roles", "sheet.no_role");
    const mute = !filled.pin && !filled.badge && this.cell("pin") === "" && this.cell("badge") === "";
    if (isNew && mute) this.wrong("pin", "sheet.no_secret");
    return filled;
  }

  private several(column: "roles" | "areas" | "signs_as", old: string[]): string[] {
    const said = this.list(column);
    return said.length === 0 ? old : [...new Set(said.map((one) => this.named(column, one)))];
  }

  /** The parts of a cell; one whose words hold such a sign themselves stands there alone. */
  private list(column: Column): string[] {
    const said = this.cell(column);
    if (this.namesOf(column).id(said) !== undefined) return [said];
    const parts = said.split(/[、,，;；/|+]/).map((one) => one.trim());
    return parts.filter(Boolean);
  }

  private namesOf(column: Column): Called {
    return this.around.names[column.startsWith("covers") ? "covers" : (column as "roles")];
  }

  private one(column: "language"): string {
    const said = this.cell(column);
    return said && this.named(column, said);
  }

  private named(column: Column, said: string): string {
    const names = this.namesOf(column);
    const id = names.id(said);
    if (id === undefined) this.wrong(column, "sheet.unknown", { what: said, known: names.list });
    return id ?? "";
  }

  private pin(id: string): string {
    const pin = this.cell("pin");
    if (pin === "") return "";
    if (!/^\d{4,12}$/.test(pin)) this.wrong("pin", "sheet.bad_pin");
    else if (guessed(pin, id)) this.wrong("pin", "sheet.guessed");
    return pin;
  }

  private badge(): string {
    const badge = this.cell("badge");
    if (/^\d+([.,]\d+)?E\+?\d+$/i.test(badge)) this.wrong("badge", "sheet.rounded");
    else if (badge !== "" && (badge.length < 4 || badge.length > 100)) this.wrong("badge", "sheet.bad_badge");
    return badge;
  }

  private tag(id: string): string {
    const tag = this.cell("wearable");
    if (tag === "") return "";
    const wearer = this.around.known.find((one) => one.qualification?.tag === tag && one.id !== id);
    if (!this.around.wearables.includes(tag)) {
      const known = this.around.wearables.join(", ") || "-";
      this.wrong("wearable", "sheet.unknown", { what: tag, known });
    } else if (wearer) this.wrong("wearable", "sheet.worn", { name: wearer.name });
    return tag;
  }

  private day(column: Column): string {
    const said = this.cell(column);
    const day = said && readDay(said);
    if (day === null) this.wrong(column, "sheet.bad_day", { what: said });
    return day ?? "";
  }

  /** One of a number that stands in the record is renewed; others are added to it. */
  private licences(old: Licence[]): Licence[] {
    const all = [...old];
    for (const of of this.cells.certificates) {
      const [number, covers, until] = [`number${of}`, `covers${of}`, `until${of}`] as const;
      if (![number, covers, until].some((one) => this.cell(one))) continue;
      for (const one of [number, covers, until]) if (!this.cell(one)) this.wrong(one, "sheet.half");
      const at = all.findIndex((one) => one.number === this.cell(number));
      const scopes = this.list(covers).map((one) => this.named(covers, one));
      const before = all[at]?.before ?? null;
      const one = { number: this.cell(number), scopes, until: this.day(until), before };
      if (at < 0) all.push(one);
      else all[at] = one;
    }
    return all;
  }
}

/** As edge_agent/tell/who/register.py judges it: told here before anything is sent. */
function guessed(pin: string, id: string): boolean {
  const runs = ["01234567890123456789", "98765432109876543210"];
  return pin === id || new Set(pin).size === 1 || runs.some((run) => run.includes(pin));
}
