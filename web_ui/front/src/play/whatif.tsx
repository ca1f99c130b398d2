/** The same inputs with another limit or without a rule: what would differ. A calculation; it changes nothing. */
import { useState } from "preact/hooks";
import { tryOtherwise, useCalculation } from "../api/incident.ts";
import type { Difference, Incident, Otherwise, WhatIf } from "../api/shapes/incident.ts";
import { FaultCard } from "../parts/fault.tsx";
import { brief, cut } from "../parts/name.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { limitName } from "../words/limits.ts";
import { lasting, span, timeOfDay } from "../words/times.ts";
import { said, t } from "../words/words.ts";

const HOURS_S = [0, 3600, 8 * 3600]; // 0: these minutes alone

export function WhatIfPart({ incident }: { incident: Incident }) {
  const [what, setWhat] = useState<"limit" | "rule">("limit");
  const [key, setKey] = useState(incident.limits[0]?.key ?? "");
  const [value, setValue] = useState("");
  const [rule, setRule] = useState(incident.rules[0]?.name ?? "");
  const [before_s, setBefore] = useState(0);
  const { told, failed, take } = useCalculation();
  const limit = incident.limits.find((one) => one.key === key);
  const ready = what === "rule" || (value.trim() !== "" && Number.isFinite(Number(value)));
  const ask = (submitted: Event) => {
    submitted.preventDefault();
    const until = incident.to_utc;
    const from_utc = before_s === 0 ? incident.from_utc : until - before_s;
    take(tryOtherwise({ from_utc, to_utc: until, ...changed(what, key, value, rule) }));
  };
  return (
    <section class="group whatif">
      <h2>{t("whatif.title")}</h2>
      <p class="mark">{t("whatif.changes_nothing")}</p>
      <form onSubmit={ask}>
        <fieldset class="lengths">
          <legend>{t("whatif.what")}</legend>
          {(["limit", "rule"] as const).map((one) => (
            <button
              type="button"
              class="button"
              key={one}
              aria-pressed={what === one}
              onClick={() => setWhat(one)}
            >
              {t(one === "limit" ? "whatif.limit" : "whatif.rule")}
            </button>
          ))}
        </fieldset>
        {what === "limit" ? (
          <>
            <label class="field">
              <span>{t("whatif.which")}</span>
              <select value={key} onChange={(changed) => setKey(changed.currentTarget.value)}>
                {incident.limits.map((one) => (
                  <option key={one.key} value={one.key}>
                    {limitName(one.key)} = {one.value} {one.unit}
                  </option>
                ))}
              </select>
            </label>
            {limit && <p class="hint">{said(limit.source)}</p>}
            <label class="field">
              <span>{t("whatif.value", { unit: limit?.unit ?? "" })}</span>
              <input
                inputMode="decimal"
                value={value}
                placeholder={String(limit?.value ?? "")}
                onInput={(typed) => setValue(typed.currentTarget.value.replace(",", "."))}
              />
            </label>
          </>
        ) : (
          <label class="field">
            <span>{t("whatif.without")}</span>
            <select value={rule} onChange={(changed) => setRule(changed.currentTarget.value)}>
              {incident.rules.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.code} {cut(said(one.title), 60)}
                </option>
              ))}
            </select>
          </label>
        )}
        <fieldset class="lengths">
          <legend>{t("whatif.over")}</legend>
          {HOURS_S.map((one) => (
            <button
              type="button"
              class="button"
              key={one}
              aria-pressed={before_s === one}
              onClick={() => setBefore(one)}
            >
              {one === 0 ? t("whatif.these") : t("whatif.before", { time: span(one) })}
            </button>
          ))}
        </fieldset>
        <button type="submit" class="button main" disabled={!ready || told?.running}>
          {t("whatif.calculate")}
        </button>
      </form>
      {failed !== null && <FaultCard thrown={failed} />}
      {told?.running && <Waiting what={t("whatif.calculating")} />}
      {told && said(told.failed) !== "" && <p role="alert">{said(told.failed)}</p>}
      {told?.what_if && <Found found={told.what_if} />}
    </section>
  );
}

function changed(
  what: string,
  key: string,
  value: string,
  rule: string,
): Pick<Otherwise, "limits" | "without"> {
  return what === "limit"
    ? { limits: { [key]: Number(value) }, without: [] }
    : { limits: {}, without: [rule] };
}

function Found({ found }: { found: WhatIf }) {
  const { was, tried } = found;
  const rows: [string, string, string][] = [
    [t("whatif.stops"), String(was.stops), String(tried.stops)],
    [t("whatif.stopped"), lasting(was.stopped_s), lasting(tried.stopped_s)],
    [t("whatif.worked"), lasting(was.worked_s), lasting(tried.worked_s)],
    [t("whatif.called_out"), String(was.called_out), String(tried.called_out)],
    [t("whatif.alarms"), String(was.alarms), String(tried.alarms)],
    [t("whatif.refused"), String(was.refused), String(tried.refused)],
  ];
  return (
    <div class="found" role="status">
      <p class="mark">{t("whatif.changes_nothing")}</p>
      {found.changed.map((one) => (
        <p key={one.key + one.rule}>
          <b>{one.rule ? t("whatif.left_out", { rule: said(one.title) }) : asTried(one)}</b>
        </p>
      ))}
      <table>
        <thead>
          <tr>
            <th scope="col">{t("whatif.over_all")}</th>
            <th scope="col">{t("whatif.was")}</th>
            <th scope="col">{t("whatif.then")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, before, after]) => (
            <tr key={name} data-other={before !== after}>
              <th scope="row">{name}</th>
              <td>{before}</td>
              <td>{after}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t("whatif.differences")}</h3>
      {found.differences.length === 0 && <p class="empty">{t("whatif.none")}</p>}
      <ul class="stood">
        {found.differences.map((one) => (
          <Differs key={`${one.what} ${one.permit} ${one.code} ${one.was_utc} ${one.then_utc}`} one={one} />
        ))}
      </ul>
      <p class="hint">
        {t("whatif.how", { steps: found.steps, time: lasting(found.took_s) })}
        {found.step_s > 0 && ` ${t("whatif.by_second")}`}
        {!found.same_settings && ` ${t("play.other_settings")}`}
        {found.restarts.length > 0 && ` ${t("whatif.restarts")}`}
        {found.cut && ` ${t("play.cut")}`}
      </p>
    </div>
  );
}

function Differs({ one }: { one: Difference }) {
  return (
    <li>
      <b>
        {t(one.what === "stop" ? "whatif.stop" : "whatif.alarm")} {cut(one.permit, 40)}
      </b>{" "}
      <small>{one.code}</small>
      <p>
        {brief(one.title)} {brief(one.detail)}
      </p>
      <p>
        {t("whatif.was")}: {when(one.was_utc, one.was_s)} · {t("whatif.then")}:{" "}
        {when(one.then_utc, one.then_s)}
      </p>
    </li>
  );
}

function asTried(one: WhatIf["changed"][number]): string {
  const { key, was, tried: then, unit } = one;
  return t("whatif.tried", { key: limitName(key), was: was ?? "—", tried: then ?? "—", unit });
}

function when(utc: number | null, for_s: number | null): string {
  if (utc === null) return t("whatif.not_at_all");
  return for_s === null
    ? t("whatif.open_end", { time: timeOfDay(utc) })
    : t("whatif.for", { time: timeOfDay(utc), length: lasting(for_s) });
}
