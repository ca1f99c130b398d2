/** A table is read as whatever program saved it, and every line keeps the number that its file gives it. */
import { expect, it } from "vitest";
import { decoded, file, isWorkbook, read, written } from "./csv.ts";

const GBK = [0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0xc0, 0xee, 0xc4, 0xc8]; // 姓名 and 李娜
const cells = (text: string) => {
  const found = read(text);
  return "rows" in found ? found.rows.map((row) => row.cells) : found;
};

it("reads what Excel writes on a Chinese machine, on others, and as Unicode text", () => {
  expect(decoded(new Uint8Array(GBK))).toBe("姓名\n李娜");
  expect(decoded(new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode("姓名")]))).toBe("姓名");
  expect(decoded(new Uint8Array([0xff, 0xfe, 0x2d, 0x4e]))).toBe("中");
});

it("knows a workbook, and letters that are none", () => {
  const workbook = new Uint8Array([0x50, 0x4b, 3, 4]);
  expect([decoded(workbook), isWorkbook(workbook)]).toEqual([null, true]);
  expect(decoded(new Uint8Array([0x41, 0xff, 0xff]))).toBeNull();
});

it.each([",", ";", "\t", "，"])("finds the separator %j by itself", (sign) => {
  expect(cells(`id${sign}name\r\na${sign}"x${sign}""y"""\r\n`)).toEqual([
    ["id", "name"],
    ["a", `x${sign}"y"`],
  ]);
});

it("takes Excel's own word for it", () => {
  expect(cells("sep=;\nid;name, first\na;b\n")).toEqual([
    ["id", "name, first"],
    ["a", "b"],
  ]);
});

it("counts lines as the file does, past remarks, empty lines and cells of several lines", () => {
  const found = read('\uFEFF# a remark\nid,name\n\n,,\na,"x\ny"\nb,z');
  expect("rows" in found && found.rows.map((row) => row.line)).toEqual([2, 5, 7]);
});

it("says where a quotation mark was opened that nothing closes", () => {
  expect(read('id,name\na,"b\nc,d\n')).toEqual({ unreadable: "quote", line: 2 });
  expect(read(" \n# only a remark\n")).toEqual({ unreadable: "empty", line: 1 });
});

it("reads back what it writes", () => {
  const rows = [
    ["id", 'a "b"', "c,d"],
    ["1", "", "二"],
  ];
  expect(cells(file(rows.map(written)))).toEqual(rows);
});
