/**
 * "I'm here": asked for before the box stops the work; one press, with the time that is left. Whose wearable gives no
 * place also types the code that stands on the box's screen now; who has just held his badge to that screen need not.
 */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { session } from "../api/session.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { mine } from "../duty/steps.ts";
import { type Tone, toneOf } from "../duty/tone.ts";
import { countdown } from "../words/times.ts";
import { t } from "../words/words.ts";
import { FaultCard } from "./fault.tsx";
import { Icon } from "./icon.tsx";
import { Keypad } from "./keypad.tsx";
import { tell } from "./told.tsx";

/** While work goes on; before it and in a stop there are more useful things to press. */
const WHILE: ReadonlySet<Tone> = new Set(["may_work", "warning", "watch"]);
const DIGITS = 6;

interface Props {
  permit: Permit;
  me: string | undefined;
  now_utc: number | null;
}

export function Here({ permit, me, now_utc }: Props) {
  const seen = permit.guard_presence;
  const guarding = me !== undefined && permit.guard_id === me;
  const by_screen = guarding && seen?.by_screen === true;
  const asked = seen?.state === "asked";
  const may = by_screen || mine(permit, me).some((step) => step.ask === "here");
  if (!(may && WHILE.has(toneOf(permit))) && !(asked && guarding)) return null;
  const by = seen?.press_by_utc ?? null;
  return (
    <section class={asked ? "here asked" : "here"} role={asked ? "alert" : undefined}>
      {asked && by !== null && now_utc !== null && (
        <p>
          {t("here.asked")} <b class="countdown">{countdown(by - now_utc)}</b>
        </p>
      )}
      {by_screen ? <AtScreen permit={permit.id} asked={asked} /> : <Press permit={permit.id} />}
    </section>
  );
}

/** Sends the press; `code` where the box's screen shows him. */
function usePress(permit: string) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const press = async (code?: string) => {
    setBusy(true);
    setFailed(null);
    try {
      await ask({ ask: "here", permit, ...(code !== undefined && { presence_code: code }) });
      tell(() => t("here.thanks"));
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, failed, press };
}

function Press({ permit }: { permit: string }) {
  const { busy, failed, press } = usePress(permit);
  return (
    <>
      <button type="button" class="button main" disabled={busy} onClick={() => void press()}>
        <Icon of="here" /> {t(busy ? "task.sending" : "here.word")}
      </button>
      {failed !== null && <FaultCard thrown={failed} />}
    </>
  );
}

/** Who stands at the screen itself has held his badge to it; elsewhere its code is typed. */
function AtScreen({ permit, asked }: { permit: string; asked: boolean }) {
  if (session.get()?.panel) {
    return (
      <>
        <p>{t("here.by_badge")}</p>
        <Press permit={permit} />
      </>
    );
  }
  if (asked) return <Code permit={permit} />;
  return (
    <details>
      <summary class="button">{t("here.by_screen")}</summary>
      <Code permit={permit} />
    </details>
  );
}

function Code({ permit }: { permit: string }) {
  const [code, setCode] = useState("");
  const { busy, failed, press } = usePress(permit);
  const ready = code.length === DIGITS && !busy;
  const send = async (event: Event) => {
    event.preventDefault();
    if (!ready) return;
    await press(code);
    setCode("");
  };
  return (
    <form class="flow" onSubmit={(event) => void send(event)}>
      <p>{t("here.by_code")}</p>
      <label class="field">
        {t("task.code")}
        <input
          class="pin"
          inputMode="none"
          autocomplete="off"
          maxLength={DIGITS}
          value={code}
          onInput={(event) => setCode(event.currentTarget.value.replaceAll(/\D/g, "").slice(0, DIGITS))}
        />
      </label>
      {failed !== null && <FaultCard thrown={failed} />}
      <Keypad value={code} onValue={setCode} most={DIGITS} enter={{ words: t("here.word"), ready }} />
    </form>
  );
}
