/** Whether one pause was right: said with PIN or badge, and why. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { asFault } from "../api/client.ts";
import { type Proof, session } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { PinPad, useBadge } from "../parts/secret.tsx";
import { tell } from "../parts/told.tsx";
import { Pick } from "../tickets/pick.tsx";
import { t } from "../words/words.ts";

const VERDICTS = ["right", "false", "unsure"] as const;
type Verdict = (typeof VERDICTS)[number];
const MAY = new Set(["safety_officer", "shift_lead", "area_owner"]); // edge_agent/decide/asking/judging.py

export function mayJudge(roles: readonly string[]): boolean {
  return roles.some((role) => MAY.has(role));
}

export function Judge({ event, onDone }: { event: number; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  if (open) return <Judging event={event} onDone={onDone} />;
  return (
    <button type="button" class="button" onClick={() => setOpen(true)}>
      {t("review.judge", { event })}
    </button>
  );
}

function Judging({ event, onDone }: { event: number; onDone: () => void }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null); // saying nothing judges nothing
  const [reason, setReason] = useState("");
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const ready = !busy && verdict !== null && (verdict !== "false" || reason.trim() !== "");
  const send = async (proof: Proof) => {
    setPin("");
    if (!ready || verdict === null) return;
    setBusy(true);
    setFailed(null);
    try {
      await ask({ ask: "judge", about: [String(event), verdict], reason: reason.trim(), ...proof });
      tell(() => t("review.judged", { verdict: t(`review.${verdict}`) }));
      onDone();
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  useBadge((proof) => void send(proof));
  return (
    <form
      class="judging"
      onSubmit={(sent) => {
        sent.preventDefault();
        if (pin) void send({ pin });
      }}
    >
      <Pick
        label={t("review.judge", { event })}
        choices={VERDICTS.map((id) => ({ id, words: t(`review.${id}`) }))}
        chosen={verdict === null ? [] : [verdict]}
        none=""
        onChosen={([id]) => setVerdict(id as Verdict)}
      />
      <label class="field">
        {t("review.reason")}
        <input value={reason} maxLength={200} onInput={(typed) => setReason(typed.currentTarget.value)} />
      </label>
      <PinPad
        pin={pin}
        onPin={setPin}
        label={t("task.fresh", { name: session.get()?.who?.name ?? "" })}
        enter={{ words: t("review.save"), ready: ready && pin !== "" }}
      />
      {failed !== null && <FaultCard thrown={failed} />}
    </form>
  );
}
