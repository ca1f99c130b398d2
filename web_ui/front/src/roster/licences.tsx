/** What somebody is qualified for: his certificates, his training, the day's class. */
import { Day } from "../parts/day.tsx";
import { Pick } from "../tickets/pick.tsx";
import { dateAndClock, siteDay } from "../words/times.ts";
import { said, t, type Words } from "../words/words.ts";
import type { Filled, Licence } from "./record.ts";

interface Props {
  filled: Filled;
  scopes: Record<string, Words>;
  now_utc: number;
  onChange: (change: Partial<Filled>) => void;
}

const EMPTY: Licence = { number: "", scopes: [], until: "", before: null };

export function Qualified({ filled, scopes, now_utc, onChange }: Props) {
  const { licences, class_utc } = filled;
  const dated = { today: siteDay(now_utc), past: t("roster.has_run_out") };
  const put = (at: number, change: Partial<Licence>) =>
    onChange({ licences: licences.map((one, index) => (index === at ? { ...one, ...change } : one)) });
  return (
    <>
      <Day
        label={t("roster.trained")}
        {...dated}
        day={filled.trained_until}
        onDay={(trained_until) => onChange({ trained_until })}
      />
      <p class="classed">
        {class_utc === null ? t("roster.no_class") : t("roster.class", { time: dateAndClock(class_utc) })}
        <button type="button" class="button" onClick={() => onChange({ class_utc: Math.floor(now_utc) })}>
          {t("roster.class_done")}
        </button>
      </p>
      {licences.map((one, at) => (
        <fieldset class="licence" key={at}>
          <legend>{t("roster.certificate", { n: at + 1 })}</legend>
          <label class="field">
            {t("roster.number")}
            <input
              value={one.number}
              maxLength={64}
              autocomplete="off"
              onInput={(event) => put(at, { number: event.currentTarget.value })}
            />
          </label>
          <Pick
            label={t("roster.covers")}
            choices={covered(one, scopes)}
            chosen={one.scopes}
            several
            none=""
            onChosen={(chosen) => put(at, { scopes: chosen })}
          />
          <Day label={t("roster.until")} {...dated} day={one.until} onDay={(until) => put(at, { until })} />
          <button
            type="button"
            class="button"
            onClick={() => onChange({ licences: licences.filter((_, index) => index !== at) })}
          >
            {t("roster.remove", { n: at + 1 })}
          </button>
        </fieldset>
      ))}
      <button type="button" class="button" onClick={() => onChange({ licences: [...licences, EMPTY] })}>
        {t("roster.add_certificate")}
      </button>
    </>
  );
}

/** What is known here, and what the certificate names beside it. */
function covered(one: Licence, scopes: Record<string, Words>) {
  const known = Object.entries(scopes).map(([id, words]) => ({ id, words: said(words) }));
  const other = (one.before?.scopes ?? []).filter((id) => !Object.hasOwn(scopes, id));
  return [...known, ...other.map((id) => ({ id, words: id }))];
}
