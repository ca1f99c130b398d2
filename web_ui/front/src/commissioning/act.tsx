/** One step of a commissioning, signed with a remark and PIN or badge. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Act, act } from "../api/commissioning.ts";
import { FaultCard } from "../parts/fault.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { t } from "../words/words.ts";

interface Props {
  step: Act;
  why: string;
  ready?: boolean;
  onDone: () => void;
  children?: ComponentChildren; // fields above the signature
}

export function ActForm({ step, why, ready = true, onDone, children }: Props) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const signed = useSigned(busy || !ready, (note, proof) => {
    setBusy(true);
    setFailed(null);
    act(step, note, proof)
      .then(onDone, setFailed)
      .finally(() => setBusy(false));
  });
  return (
    <>
      {children}
      <SignedForm signed={signed} why={why} enter={t("commissioning.sign")}>
        {failed !== null && <FaultCard thrown={failed} />}
      </SignedForm>
    </>
  );
}
