/** A picture without its mask: for whom the site names, with a reason and PIN or badge, and the look is on record. */
import { useEffect, useState } from "preact/hooks";
import { look } from "../api/ask.ts";
import { asFault } from "../api/client.ts";
import type { Proof } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
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
      <summary class="button">{t("event.raw")}</summary>
      {open && <Asking {...props} />}
    </details>
  );
}

function Asking({ path, name, called }: Props) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => () => (shown === null ? undefined : URL.revokeObjectURL(shown)), [shown]);
  const submit = async (reason: string, proof: Proof) => {
    setBusy(true);
    setFailed(null);
    try {
      setShown(URL.createObjectURL(await look(path, name, { reason, ...proof })));
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  const signed = useSigned(busy, (reason, proof) => void submit(reason, proof));
  if (shown) return <img src={shown} width={640} height={360} alt={t("event.raw_alt", { name: called })} />;
  return (
    <SignedForm signed={signed} hint={t("event.raw_rule")} why={t("event.raw_why")} enter={t("event.raw")}>
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("task.sending")} />}
    </SignedForm>
  );
}
