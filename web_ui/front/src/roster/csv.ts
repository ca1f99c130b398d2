/** A table as Excel and its like save it: UTF-8, UTF-16 or GBK, commas, semicolons or tabs; lines keep their number. Pure. */

export interface Row {
  line: number; // in the file, from 1: a cell in quotes may go over several
  cells: string[];
}

export type Unreadable = "workbook" | "letters" | "quote" | "empty";
export type Read = { rows: Row[] } | { unreadable: Unreadable; line: number };

const SEPARATORS = [",", ";", "\t", "，"];
const ZIP = [0x50, 0x4b]; // what a workbook (.xlsx) begins with

/** The file's text; null where it is none. What is no UTF-8 is what Excel writes on a Chinese machine (GBK). */
export function decoded(bytes: Uint8Array): string | null {
  if (ZIP.every((byte, at) => bytes[at] === byte)) return null;
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  for (const name of wide ? ["utf-16le"] : ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(name, { fatal: true }).decode(bytes);
    } catch {
      // The next one; if none fits it is told.
    }
  }
  return null;
}

export function isWorkbook(bytes: Uint8Array): boolean {
  return ZIP.every((byte, at) => bytes[at] === byte);
}

/** Every line that says something (RFC 4180, and what Excel makes of it). A line that begins with # is a remark. */
export function read(text: string): Read {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const named = /^sep=(.)\n/i.exec(plain);
  const skipped = named ? named[0].length : 0;
  const separator = named?.[1] ?? likeliest(plain);
  const found = rows(plain.slice(skipped), separator, named ? 2 : 1);
  if (!Array.isArray(found)) return found;
  const said = found.filter(({ cells }) => cells.some((one) => one !== "") && !cells[0]?.startsWith("#"));
  return said.length === 0 ? { unreadable: "empty", line: 1 } : { rows: said };
}

/** What stands most often in the first line that is no remark. */
function likeliest(text: string): string {
  const head = text.split("\n").find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "";
  const count = (one: string) => head.split(one).length;
  return SEPARATORS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

function rows(text: string, separator: string, first: number): Row[] | Read {
  const found: Row[] = [];
  const cell = cellOf(separator.replace(/[\]\\^-]/, "\\$&"));
  let row: Row = { line: first, cells: [] };
  let line = first;
  for (let at = 0; ; at += 1) {
    cell.lastIndex = at;
    const [whole = "", quoted, after = "", plain = ""] = cell.exec(text) ?? [];
    if (quoted === undefined && plain.trim().startsWith('"')) return { unreadable: "quote", line };
    row.cells.push((quoted === undefined ? plain : quoted.replaceAll('""', '"') + after).trim());
    line += whole.split("\n").length - 1;
    at += whole.length;
    if (at < text.length && text[at] !== "\n") continue;
    found.push(row);
    if (at >= text.length) return found;
    line += 1;
    row = { line, cells: [] };
  }
}

/** A cell, in quotation marks or without, up to what parts it from the next. */
function cellOf(sign: string): RegExp {
  return new RegExp(`[^\\S\\n${sign}]*"((?:[^"]|"")*)"([^${sign}\\n]*)|([^${sign}\\n]*)`, "y");
}

/** One line of a table that Excel opens as it is: with its mark in front of the first (see `file`). */
export function written(cells: readonly string[]): string {
  return cells.map((one) => (/[",;\n]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join(",");
}

export function file(lines: readonly string[]): string {
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}
