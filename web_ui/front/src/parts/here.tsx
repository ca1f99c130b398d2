/** "I'm here": asked for before the box stops the work; one press, with the time that is left. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import type { Permit } from "../api/types.ts";
import { mine } from "../duty/steps.ts";
import { type Tone, toneOf } from "../duty/tone.ts";
import { countdown } from "../words/times.ts";
import { t } from "../words/words.ts";
import { FaultCard } from "./fault.tsx";
import { Icon } from "./icon.tsx";
import { tell } from "./told.tsx";

/** While work goes on; before it and in a stop there are more useful things to press. */
const WHILE: ReadonlySet<Tone> = new Set(["may_work", "warning", "watch"]);

interface Props {
  permit: Permit;
  me: string | undefined;
  now_utc: number | null;
}

export function Here({ permit, me, now_utc }: Props) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const may = mine(permit, me).some((step) => step.ask === "here");
  const asked = permit.guard_presence?.state === "asked";
  const by = permit.guard_presence?.press_by_utc ?? null;
  const useful = may && WHILE.has(toneOf(permit));
  if (!useful && !(asked && permit.guard_id === me)) return null;
  const press = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await ask({ ask: "here", permit: permit.id });
      tell(t("here.thanks"));
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class={asked ? "here asked" : "here"} role={asked ? "alert" : undefined}>
      {asked && by !== null && now_utc !== null && (
        <p>
          {t("here.asked")} <b class="countdown">{countdown(by - now_utc)}</b>
        </p>
      )}
      <button type="button" class="button main" disabled={busy} onClick={() => void press()}>
        <Icon of="here" /> {t(busy ? "task.sending" : "here.word")}
      </button>
      {failed !== null && <FaultCard thrown={failed} />}
    </section>
  );
}
