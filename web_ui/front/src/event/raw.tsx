/** A picture without its mask: for whom the site names, with a reason and PIN or badge, and the look is on record. */
import { useEffect, useState } from "preact/hooks";
import { look } from "../api/ask.ts";
import { asFault } from "../api/client.ts";
import { type Proof, session } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { PinPad, useBadge } from "../parts/secret.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

interface Props {
  path: string;
  name: string;
  called: string;
}

export function Raw(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("event.raw")}</summary>
      {open && <Asking {...props} />}
    </details>
  );
}

function Asking({ path, name, called }: Props) {
  const [reason, setReason] = useState("");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => () => (shown === null ? undefined : URL.revokeObjectURL(shown)), [shown]);
  const ready = reason.trim() !== "" && !busy;
  const submit = async (proof: Proof) => {
    setPin("");
    if (!ready) return;
    setBusy(true);
    setFailed(null);
    try {
      setShown(URL.createObjectURL(await look(path, name, { reason: reason.trim(), ...proof })));
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  useBadge((proof) => void submit(proof));
  if (shown) return <img src={shown} width={640} height={360} alt={t("event.raw_alt", { name: called })} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (pin) void submit({ pin });
      }}
    >
      <p class="hint">{t("event.raw_rule")}</p>
      <label class="field">
        {t("event.raw_why")}
        <input
          type="text"
          value={reason}
          maxLength={200}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <PinPad
        pin={pin}
        onPin={setPin}
        label={t("task.fresh", { name: session.get()?.who?.name ?? "" })}
        enter={{ words: t("event.raw"), ready: ready && pin !== "" }}
      />
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("task.sending")} />}
    </form>
  );
}
