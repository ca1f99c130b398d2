/** Sirens and lamps go on for a moment, when somebody asks for it who says why; what their contacts said follows. */
import { useEffect, useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { asFault, call } from "../api/client.ts";
import type { Proof } from "../api/session.ts";
import type { EventPage } from "../api/shapes/event.ts";
import type { Happened, Live } from "../api/shapes/live.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { isTable, type Table as Values } from "../settings/draft.ts";
import { said, t, term, type Words } from "../words/words.ts";

const OVER = "unit.sirens_tried";
const AGAIN_MS = 2000;
const TRIABLE = new Set(["siren", "evacuate", "beacon", "amber"]);

interface Output {
  key: string;
  does: string;
}

interface Result {
  words: Words;
  sirens: { siren: string; name: Words; heard: boolean | null }[];
}

/** Every output of the site, in the order of its settings. */
export function outputsOf(values: Values): Output[] {
  const relays = isTable(values.relays) ? Object.entries(values.relays) : [];
  return relays.flatMap(([id, table]) => {
    const outputs = isTable(table) && isTable(table.outputs) ? Object.entries(table.outputs) : [];
    return outputs.map(([name, row]) => ({
      key: `${id}/${name}`,
      does: isTable(row) ? String(row.does) : "",
    }));
  });
}

export function TryOut({ values, live }: { values: Values; live: Live | null }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [after, setAfter] = useState<number | null>(null); // the newest test when this one was asked for
  const outputs = outputsOf(values);
  const flip = (key: string) =>
    setChosen(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  const begin = async (reason: string, proof: Proof) => {
    setBusy(true);
    setFailed(null);
    try {
      const before = (await newest())?.seq ?? 0;
      await ask({ ask: "try", about: chosen, reason, ...proof });
      setAfter(before);
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card tryout" aria-label={t("detectors.try")}>
      <h2>{t("detectors.try")}</h2>
      <p class="hint">{t("detectors.try_about")}</p>
      {!live && <p role="alert">{t("zones.permits_unknown")}</p>}
      <fieldset class="ticks" aria-label={t("detectors.outputs")}>
        {outputs.map(({ key, does }) =>
          TRIABLE.has(does) ? (
            <label key={key} class="tick">
              <input type="checkbox" checked={chosen.includes(key)} onChange={() => flip(key)} />
              <span>
                {key} <small>{term("setting_value", does)}</small>
              </span>
            </label>
          ) : (
            <p key={key} class="hint">
              {t("detectors.never", { what: `${key} · ${term("setting_value", does)}` })}
            </p>
          ),
        )}
      </fieldset>
      {failed !== null && <FaultCard thrown={failed} />}
      {after !== null && <Outcome after={after} onAgain={() => setAfter(null)} />}
      {after === null && chosen.length > 0 && (
        <Signing busy={busy} onSign={(why, proof) => void begin(why, proof)} />
      )}
    </section>
  );
}

function Signing({ busy, onSign }: { busy: boolean; onSign: (reason: string, proof: Proof) => void }) {
  const signed = useSigned(busy, onSign);
  return <SignedForm signed={signed} why={t("zones.reason")} enter={t("detectors.begin")} />;
}

async function newest(): Promise<Happened | null> {
  const page = await call<{ events: Happened[] }>("GET", `/events?type=${OVER}&limit=1`);
  return page.events[0] ?? null;
}

/** The test's own event, once it is over. */
function Outcome({ after, onAgain }: { after: number; onAgain: () => void }) {
  const [result, setResult] = useState<Result | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    const look = async () => {
      const last = await newest();
      if (!last || last.seq <= after) return;
      const page = await call<EventPage>("GET", `/events/${last.seq}`);
      setResult(page.data as unknown as Result);
    };
    if (result) return;
    const timer = setInterval(() => look().catch(setFailed), AGAIN_MS);
    return () => clearInterval(timer);
  }, [after, result]);
  return (
    <div class="outcome" role="status">
      {failed !== null && <FaultCard thrown={failed} />}
      {!result && <Waiting what={t("detectors.soon_tried")} />}
      {result && (
        <>
          <p>
            <b>{said(result.words)}</b>
          </p>
          <ul class="findings">
            {result.sirens.map((one) => (
              <li key={one.siren}>
                <Icon of={one.heard ? "may_work" : one.heard === false ? "gone" : "unknown"} />
                <span>
                  {said(one.name)}
                  {t("phone.colon")}
                  {t(`detectors.heard_${one.heard ?? "unknown"}`)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {result && (
        <button type="button" class="button" onClick={onAgain}>
          {t("detectors.again")}
        </button>
      )}
    </div>
  );
}
