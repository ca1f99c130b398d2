/** Of lamps and sirens that no contact reads back, whoever was there says that they went on; it stands in his name. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import type { Proof } from "../api/session.ts";
import type { Switched } from "../api/shapes/seen.ts";
import { FaultCard } from "../parts/fault.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { tell } from "../parts/told.tsx";
import { dateAndClock, siteDay } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

const keyOf = ({ device, channel }: Switched) => `${device}/${channel}`;

interface Props {
  outputs: Switched[];
  ticked: string[];
  onTicked: (keys: string[]) => void;
}

export function SeenByPeople({ outputs, ticked, onTicked }: Props) {
  const flip = (key: string) =>
    onTicked(ticked.includes(key) ? ticked.filter((one) => one !== key) : [...ticked, key]);
  return (
    <details class="trial" open={ticked.length > 0 || outputs.some((one) => !one.seen)}>
      <summary class="button">{t("setup.seen")}</summary>
      <p class="hint">{t("setup.seen_about")}</p>
      {outputs.map((one) => one.seen && <p key={keyOf(one)}>{told(one, one.seen)}</p>)}
      <fieldset class="ticks" aria-label={t("setup.seen_which")}>
        {outputs.map((one) => (
          <label key={keyOf(one)} class="tick">
            <input type="checkbox" checked={ticked.includes(keyOf(one))} onChange={() => flip(keyOf(one))} />
            <span>
              {term("output", one.does)}{" "}
              <small>
                {said(one.name)} · {keyOf(one)}
              </small>
            </span>
          </label>
        ))}
      </fieldset>
      {ticked.length > 0 && <Signing about={ticked} onDone={() => onTicked([])} />}
    </details>
  );
}

function Signing({ about, onDone }: { about: string[]; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const send = async (reason: string, proof: Proof) => {
    setBusy(true);
    setFailed(null);
    try {
      await ask({ ask: "seen", about, reason, ...proof });
      tell(() => t("setup.seen_done"));
      onDone();
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy(false);
    }
  };
  const signed = useSigned(busy, (reason, proof) => void send(reason, proof), t("setup.seen_note"));
  return (
    <SignedForm signed={signed} why={t("setup.seen_where")} enter={t("setup.seen")}>
      {failed !== null && <FaultCard thrown={failed} />}
    </SignedForm>
  );
}

function told(one: Switched, { name, at_utc, until_utc }: NonNullable<Switched["seen"]>): string {
  const [time, until] = [dateAndClock(at_utc), siteDay(until_utc)];
  return t("setup.seen_by", { which: keyOf(one), name, time, until });
}
