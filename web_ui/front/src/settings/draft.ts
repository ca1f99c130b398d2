/** From the values that stand there to those of the form: the smallest list of edits. Pure. */
import type { Edit } from "../api/shapes/asking.ts";

export type Table = Record<string, unknown>;
export type At = (string | number)[];

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function valueAt(values: unknown, at: At): unknown {
  return at.reduce<unknown>((inside, step) => (inside as Record<string | number, unknown>)?.[step], values);
}

/** The same values with another one there; `undefined` takes it away. Tables on the way are made. */
export function put(values: unknown, at: At, value: unknown): unknown {
  const [step, ...rest] = at;
  if (step === undefined) return value;
  if (Array.isArray(values)) {
    const inside = put(values[Number(step)], rest, value);
    return inside === undefined
      ? values.filter((_, number) => number !== step)
      : values.map((one, number) => (number === step ? inside : one));
  }
  const { [step]: old, ...others } = (values ?? {}) as Table;
  const inside = put(old, rest, value);
  if (inside === undefined) return others;
  return step in ((values ?? {}) as Table)
    ? Object.fromEntries(
        Object.entries(values as Table).map(([key, one]) => [key, key === step ? inside : one]),
      )
    : { ...others, [step]: inside };
}

/** What leads from one to the other. Words for a secret are put into a file of its own by the box. */
export function edits(
  old: Table,
  next: Table,
  secrets: ReadonlyMap<string, { at: At; value: string }>,
): Edit[] {
  const found = [...between(old, next, [])];
  for (const { at, value } of secrets.values()) found.push({ do: "secret", at, value });
  return found;
}

function* between(old: unknown, next: unknown, at: At): Generator<Edit> {
  if (same(old, next)) return;
  if (isTable(old) && isTable(next)) yield* betweenTables(old, next, at);
  else if (rows(old) && rows(next)) yield* betweenRows(old, next, at);
  else yield { do: "set", at, value: next };
}

function* betweenTables(old: Table, next: Table, at: At): Generator<Edit> {
  for (const key of Object.keys(old)) {
    if (!(key in next)) yield { do: "remove", at: [...at, key] };
  }
  for (const [key, value] of Object.entries(next)) {
    if (key in old) yield* between(old[key], value, [...at, key]);
    else yield { do: "set", at: [...at, key], value };
  }
}

/** Entries of a list by their ids: changed where they stand, then taken away from the end, then added. */
function* betweenRows(old: Table[], next: Table[], at: At): Generator<Edit> {
  const before = old.map(nameOf);
  const after = next.map(nameOf);
  const kept = before.filter((name) => after.includes(name));
  const ordered = same(kept, after.slice(0, kept.length)) && new Set(after).size === after.length;
  if (!ordered) {
    yield { do: "set", at, value: next };
    return;
  }
  for (const [number, name] of before.entries()) {
    const now = after.indexOf(name);
    if (now >= 0) yield* between(old[number], next[now], [...at, number]);
  }
  for (let number = before.length - 1; number >= 0; number--) {
    if (!after.includes(before[number] ?? "")) yield { do: "remove", at: [...at, number] };
  }
  for (const value of next.slice(kept.length)) yield { do: "add", at, value };
}

function rows(value: unknown): value is Table[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

function nameOf(row: Table): string {
  const name = row.id ?? row.kid;
  return typeof name === "string" ? name : JSON.stringify(row);
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The key as the box names it in a fault (edge_agent/settings/fault.py, reader.py item_key). */
export function keyOf(values: unknown, at: At): string {
  return at.reduce<string>((key, step, number) => {
    if (typeof step === "number") return `${key}[${entry(valueAt(values, at.slice(0, number + 1)), step)}]`;
    const bare = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
    return key ? `${key}.${bare}` : bare;
  }, "");
}

function entry(row: unknown, number: number): string {
  const name = isTable(row) ? (row.id ?? row.kid) : undefined;
  return typeof name === "string" && name ? name : `#${number + 1}`;
}

/** What somebody typed, as the figure that it is; whatever is none stays as typed, and the box says what is wrong. */
export function figure(typed: string): number | string | undefined {
  const plain = typed.trim();
  if (plain === "") return undefined;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : plain;
}
