/** One alarm is acknowledged by whoever may: "I have seen it and see to it", signed by his key. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { session } from "../api/session.ts";
import type { Alarm, Permit } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { tell } from "../parts/told.tsx";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";
import { mustBeAcknowledged } from "./order.ts";

/** For which permit somebody may acknowledge this alarm (one of the whole unit concerns every permit). */
export function permitFor(
  alarm: Alarm,
  permits: readonly Permit[],
  person: string | undefined,
): string | null {
  const found = permits.find((permit) =>
    permit.next.some(
      (step) =>
        step.ask === "acknowledge" &&
        step.about.includes(alarm.key) &&
        person !== undefined &&
        step.persons.includes(person),
    ),
  );
  return found?.id ?? null;
}

export function Acknowledge({ alarm, permits }: { alarm: Alarm; permits: readonly Permit[] }) {
  const person = useStore(session)?.who?.id;
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  if (!mustBeAcknowledged(alarm)) return null;
  const permit = permitFor(alarm, permits, person);
  if (permit === null) return <p class="hint">{t("alarms.not_yours")}</p>;
  const press = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await ask({ ask: "acknowledge", permit, alarm: alarm.key });
      tell(t("alarms.acknowledged", { what: said(alarm.title) }));
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
