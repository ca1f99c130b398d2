/** The end of a form that begins something: who he is once more, by PIN or badge, and what became of it. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { asFault } from "../api/client.ts";
import { type Proof, session } from "../api/session.ts";
import type { Form } from "../api/shapes/asking.ts";
import { FaultCard } from "../parts/fault.tsx";
import { PinPad, useBadge } from "../parts/secret.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

interface Props {
  words: string; // on the button
  form: Form | null; // null: something is missing still
  send?: (form: Form, proof: Proof) => Promise<unknown>; // where it is more than this one form
  onDone: () => void;
}

const alone = (form: Form, proof: Proof) => ask({ ...form, ...proof });

export function Sign({ words, form, send = alone, onDone }: Props) {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const submit = async (proof: Proof) => {
    setPin("");
    if (!form || busy) return;
    setBusy(true);
    setFailed(null);
    try {
      await send(form, proof);
      onDone();
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  useBadge((proof) => {
    // A badge that is read into a field for somebody's new badge is no proof of who fills it in.
    if (!document.activeElement?.matches("[data-badge]")) void submit(proof);
  });
  const ready = form !== null && pin !== "" && !busy;
  return (
    <form
      class="flow"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit({ pin });
      }}
    >
      <PinPad
        pin={pin}
        onPin={setPin}
        label={t("task.fresh", { name: session.get()?.who?.name ?? "" })}
        enter={{ words, ready }}
      />
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("task.sending")} />}
    </form>
  );
}
