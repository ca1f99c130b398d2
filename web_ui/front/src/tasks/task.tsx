/**
 * One thing that somebody does about a permit: what it means, what must be filled in, and, where danger begins or
 * goes on, who he is once more (PIN or badge). STOP stays below it.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { asFault } from "../api/client.ts";
import { type Proof, session } from "../api/session.ts";
import type { Form } from "../api/shapes/asking.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit, Step } from "../api/shapes/permit.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { PinPad, useBadge } from "../parts/secret.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { said, t } from "../words/words.ts";
import { FIELDS } from "./fields.tsx";
import { type Fields, formOf } from "./forms.ts";

interface Props {
  permit: Permit;
  step: Step;
  live: Live;
  onDone: () => void;
}

export function Task({ permit, step, live, onDone }: Props) {
  const Filling = FIELDS[step.ask];
  const [fields, setFields] = useState<Fields | null>(Filling ? null : {});
  const [pin, setPin] = useState("");
  const { busy, failed, send } = useSending(() => {
    tell(() => t("task.done", { what: said(step.words) }));
    onDone();
  });
  const submit = (proof?: Proof) => {
    setPin("");
    if (fields) void send({ ...formOf(permit, step, fields), ...proof });
  };
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []); // below how the permit stands
  const ready = fields !== null && !busy && (!step.fresh || pin !== "");
  return (
    <form
      ref={place}
      class="card task"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) submit(step.fresh ? { pin } : undefined);
      }}
    >
      <h1>
        <Link to={`/p/${encodeURIComponent(permit.id)}`} class="button quiet back" label={t("task.back")}>
          <Icon of="back" />
        </Link>
        {said(step.words)}
      </h1>
      {Filling && <Filling permit={permit} step={step} live={live} onFields={setFields} />}
      {step.fresh && (
        <Fresh pin={pin} onPin={setPin} onBadge={submit} enter={{ words: said(step.words), ready }} />
      )}
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("task.sending")} />}
      {!step.fresh && (
        <button type="submit" class="button main" disabled={!ready}>
          {said(step.words)}
        </button>
      )}
    </form>
  );
}

interface FreshProps {
  pin: string;
  onPin: (pin: string) => void;
  onBadge: (proof: Proof) => void;
  enter: { words: string; ready: boolean };
}

function Fresh({ pin, onPin, onBadge, enter }: FreshProps) {
  useBadge(onBadge);
  return (
    <PinPad
      pin={pin}
      onPin={onPin}
      label={t("task.fresh", { name: session.get()?.who?.name ?? "" })}
      enter={enter}
    />
  );
}

/** Sends one form at a time, and keeps why it was refused. */
function useSending(onDone: () => void) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const send = async (form: Form) => {
    if (busy) return;
    setBusy(true);
    setFailed(null);
    try {
      await ask(form);
      onDone();
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { busy, failed, send };
}
