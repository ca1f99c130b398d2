// The page's words and how it writes times. The table comes from the server: one language per page.

const table = JSON.parse(document.getElementById("words").textContent);
export const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

/** One sentence of the table with its {placeholders} filled in; a key nobody knows is shown as it is. */
export function t(section, key, values = {}) {
  const rows = table[section];
  const sentence = Object.hasOwn(rows, key) ? rows[key] : String(key);
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The viewer's half of a sentence that the agent wrote in both languages. */
export const said = (words) => (words ? cut(words[language] || words.zh || words.en, 400) : "");

/** Names and details arrive from outside: never longer than a card can hold. */
export function cut(text, most = 80) {
  const letters = Array.from(String(text ?? ""));
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : letters.join("");
}

/** "title: detail" and lists, with the language's own marks. */
export const COLON = language === "zh" ? "：" : ": ";
export const COMMA = language === "zh" ? "、" : ", ";

const two = (number) => String(number).padStart(2, "0");

/** "4 s", "3 min 05 s", "2 h 05 min": how long, in words. */
export function howLong(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t("time", "s", { s });
  if (s < 3600) return t("time", "min", { min: Math.floor(s / 60), s: two(s % 60) });
  if (s < 86400) return t("time", "h", { h: Math.floor(s / 3600), min: two(Math.floor(s / 60) % 60) });
  return t("time", "d", { d: Math.floor(s / 86400), h: Math.floor(s / 3600) % 24 });
}

/** "1:04:09": what is left, as a counter. */
export function counter(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** "14:03:22" in the viewer's zone; with the date when it is not the day of `today` (UTC seconds). */
export function clock(utc, today = utc) {
  const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const then = new Date(utc * 1000);
  const time = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
  return day(then) === day(new Date(today * 1000)) ? time : `${day(then)} ${time}`;
}

/** "UTC+08:00": the viewer's zone at that second. */
export function zone(utc) {
  const minutes = -new Date(utc * 1000).getTimezoneOffset();
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
