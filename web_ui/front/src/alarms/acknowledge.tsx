/** One alarm is acknowledged by whoever may: "I have seen it and see to it", signed by his key. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { nameOf, people } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { Alarm } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { tell } from "../parts/told.tsx";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";
import { mustBeAcknowledged } from "./order.ts";

/** For which permit each may acknowledge this alarm; one of the whole unit concerns every permit. */
export function whoMay(alarm: Alarm, permits: readonly Permit[]): Map<string, Permit> {
  const found = new Map<string, Permit>();
  for (const permit of permits.filter((one) => alarm.permit === "" || alarm.permit === one.id)) {
    const steps = permit.next.filter((step) => step.ask === "acknowledge");
    for (const person of steps.flatMap((step) => step.persons)) {
      if (!found.has(person)) found.set(person, permit);
    }
  }
  return found;
}

export function Acknowledge({ alarm, permits }: { alarm: Alarm; permits: readonly Permit[] }) {
  const who = useStore(session)?.who;
  const person = who?.id ?? "";
  useStore(people); // names come later than the first picture
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  if (!mustBeAcknowledged(alarm)) return null;
  const may = whoMay(alarm, permits);
  // An alarm of the unit needs no open permit: whoever reads it may ask, and the agent decides.
  const unit = alarm.permit === "" && !who?.roles.includes("inspector") ? "" : undefined;
  const permit = may.get(person)?.id ?? unit;
  if (permit === undefined) {
    const names = [...may].map(([id, of]) => nameOf(id, of)).join(t("phone.or"));
    return <p class="hint">{names ? t("alarms.by_others", { names }) : t("alarms.by_nobody")}</p>;
  }
  const press = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await ask({ ask: "acknowledge", permit, alarm: alarm.key });
      tell(() => t("alarms.acknowledged", { what: said(alarm.title) }));
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="button main" disabled={busy} onClick={() => void press()}>
        <Icon of="may_work" /> {t(busy ? "task.sending" : "alarms.acknowledge")}
      </button>
      {failed !== null && <FaultCard thrown={failed} />}
    </>
  );
}
