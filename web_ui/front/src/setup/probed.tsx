/** What stood on the wire at one look: the value and its quality large, then which profile fits, then every register. */
import type { Probed } from "../api/setup.ts";
import { Icon } from "../parts/icon.tsx";
import { said, t, term } from "../words/words.ts";

export function Shown({ told }: { told: Probed }) {
  const good = told.quality === "good";
  return (
    <div class="probed" role="status">
      {told.quality !== "" && (
        <p class="verdict" data-quality={told.quality}>
          <Icon of={good ? "may_work" : "warning"} />{" "}
          <b>
            {told.gas} {told.level === null ? t("setup.no_level") : `${round(told.level)} ${told.unit}`}
          </b>{" "}
          · {term("quality", told.quality)}
        </p>
      )}
      {said(told.verdict) !== "" && <p>{said(told.verdict)}</p>}
      {said(told.title) !== "" && (
        <p>
          {t("setup.profile")}: <b>{said(told.title)}</b> <small>{told.profile}</small>
        </p>
      )}
      {told.profile === "" && said(told.suggestion) !== "" && <p role="alert">{said(told.suggestion)}</p>}
      <ul>
        {told.notes.map((one) => (
          <li key={one.en}>{said(one)}</li>
        ))}
      </ul>
      <details>
        <summary class="button">{t("setup.registers", { count: told.registers.length })}</summary>
        <Registers told={told} />
        <Fits told={told} />
      </details>
    </div>
  );
}

function Registers({ told }: { told: Probed }) {
  return (
    <table class="registers">
      <thead>
        <tr>
          <th scope="col">{t("setup.register")}</th>
          <th scope="col">{t("setup.raw")}</th>
          <th scope="col">{t("setup.decoded")}</th>
        </tr>
      </thead>
      <tbody>
        {told.registers.map((one) => (
          <tr key={one.register}>
            <td>{one.register}</td>
            <td>
              {one.word} <small>0x{one.word.toString(16).toUpperCase().padStart(4, "0")}</small>
            </td>
            <td>{said(one.means)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fits({ told }: { told: Probed }) {
  return (
    <ul class="fits">
      {told.fits.map((one) => (
        <li key={one.profile}>
          <Icon of={one.fits ? "may_work" : "gone"} /> <b>{said(one.title)}</b> <small>{one.profile}</small>:{" "}
          {said(one.says)}
        </li>
      ))}
    </ul>
  );
}

function round(level: number): string {
  return String(Number(level.toPrecision(4)));
}
