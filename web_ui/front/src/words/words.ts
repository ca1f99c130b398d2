/** What is said to people: one table per language, chosen by each person, loaded when it is needed. */
import { type Store, store } from "../store.ts";
import type { Key } from "./keys.gen.ts";

export type { Key };
export type Language = "zh" | "en";
export type Words = { zh: string; en: string };
/** Words that are spoken anew when the language becomes another one meanwhile. */
export type Spoken = () => string;
export type Values = Record<string, string | number>;
type Table = Record<string, Record<string, string>>;

const KEPT = "language";
const TABLES: Record<Language, () => Promise<{ default: Table }>> = {
  zh: () => import("virtual:words/zh"),
  en: () => import("virtual:words/en"),
};

export const language: Store<Language> = store<Language>("zh");
let table: Table = {};

/** Chinese unless this device was used in English; a log-in then brings the person's own language. */
export function lastLanguage(): Language {
  return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
}

export async function speak(wanted: Language): Promise<void> {
  table = (await TABLES[wanted]()).default;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
  language.set(wanted);
}

/** Somebody chose a language on this device: it goes before the one that stands in his record. */
export async function choose(wanted: Language, person: string | undefined): Promise<void> {
  if (person) localStorage.setItem(`${KEPT}:${person}`, wanted);
  await speak(wanted);
}

/** A language that this page does not speak (yet) is read in Chinese. */
export function asLanguage(named: string): Language {
  return named === "en" ? "en" : "zh";
}

export function chosenBy(person: string): Language | null {
  const kept = localStorage.getItem(`${KEPT}:${person}`);
  return kept === "zh" || kept === "en" ? kept : null;
}

/** For tests, which bring their own words. */
export function speakFrom(words: Table, as: Language): void {
  table = words;
  language.set(as);
}

export function t(key: Key, values: Values = {}): string {
  return spoken(table, key, values);
}

export type Bilingual = (key: Key, values?: Values) => Words;

/** What says a sentence in both languages: for what is written down here and read by others. */
export async function bilingual(): Promise<Bilingual> {
  const [zh, en] = await Promise.all([TABLES.zh(), TABLES.en()]);
  return (key, values = {}) => ({ zh: spoken(zh.default, key, values), en: spoken(en.default, key, values) });
}

function spoken(by: Table, key: Key, values: Values): string {
  const dot = key.indexOf(".");
  return filled(by[key.slice(0, dot)]?.[key.slice(dot + 1)] ?? key, values);
}

/** The word for a value of the agent; a value that is newer than this page is shown as it came. */
export function term(section: string, value: string): string {
  const rows = table[section];
  return rows && Object.hasOwn(rows, value) ? (rows[value] ?? value) : value;
}

/** What the agent said, in the language of the person who reads. */
export function said(words: Words): string {
  return words[language.get()];
}

/** What something says beyond its title: nothing is read twice. */
export function beyond({ title, detail }: { title: Words; detail: Words }): string {
  return said(detail) === said(title) ? "" : said(detail);
}

function filled(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
