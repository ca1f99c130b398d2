/** What is signed with a reason and PIN or badge: the fields, and whoever holds a badge to the reader meanwhile. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Proof, session } from "../api/session.ts";
import { t } from "../words/words.ts";
import { PinPad, useBadge } from "./secret.tsx";

const LONGEST = 200;

export interface Signed {
  reason: string;
  setReason: (reason: string) => void;
  pin: string;
  setPin: (pin: string) => void;
  ready: boolean; // a reason is given, and nothing is under way
  sign: (proof: Proof) => void;
}

export function useSigned(busy: boolean, onSign: (reason: string, proof: Proof) => void, why = ""): Signed {
  const [written, setReason] = useState<string | null>(null);
  const reason = written ?? why; // what nobody has changed is said in the language of now
  const [pin, setPin] = useState("");
  const ready = reason.trim() !== "" && !busy;
  const sign = (proof: Proof) => {
    setPin("");
    if (ready) onSign(reason.trim(), proof);
  };
  useBadge(sign);
  return { reason, setReason, pin, setPin, ready, sign };
}

interface Props {
  signed: Signed;
  hint?: string;
  why: string;
  enter: string;
  children?: ComponentChildren; // below the pad: what went wrong, that it is under way
}

export function SignedForm({ signed, hint, why, enter, children }: Props) {
  const { reason, setReason, pin, setPin, ready, sign } = signed;
  return (
    <form
      class="signed"
      onSubmit={(event) => {
        event.preventDefault();
        if (pin) sign({ pin });
      }}
    >
      {hint && <p class="hint">{hint}</p>}
      <label class="field">
        {why}
        <input
          type="text"
          value={reason}
          maxLength={LONGEST}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <PinPad
        pin={pin}
        onPin={setPin}
        label={t("task.fresh", { name: session.get()?.who?.name ?? "" })}
        enter={{ words: enter, ready: ready && pin !== "" }}
      />
      {children}
    </form>
  );
}
