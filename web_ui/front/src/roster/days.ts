/** A day as people and their tables write it, as a date field holds it: 2027-05-31. Pure. */

const YEAR_FIRST = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/; // day first, wherever dates are written with dots

/** null: none, or one that could be two (05/06/2027). */
export function readDay(said: string): string | null {
  const first = YEAR_FIRST.exec(said);
  const dotted = DOTTED.exec(said);
  const [year, month, day] = first ? first.slice(1) : dotted ? dotted.slice(1).reverse() : [];
  if (!year || !month || !day) return null;
  const written = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const meant = new Date(`${written}T00:00:00Z`);
  return Number.isNaN(meant.getTime()) || meant.toISOString().slice(0, 10) !== written ? null : written;
}
