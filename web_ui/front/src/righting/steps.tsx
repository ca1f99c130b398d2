/** What somebody can do about one thing: take it on, show it, say that it is done, or that it is right. */
import { useRef, useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { asFault, Fault } from "../api/client.ts";
import { session } from "../api/session.ts";
import type { Form } from "../api/shapes/asking.ts";
import type { Who } from "../api/shapes/people.ts";
import type { Rectification } from "../api/shapes/righting.ts";
import { FaultCard } from "../parts/fault.tsx";
import { PinPad, useBadge } from "../parts/secret.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";
import { mayVerify, mayWork, waits } from "./ladder.ts";
import { shrunk, stamp } from "./photo.ts";

interface Props {
  one: Rectification;
  who: Who;
  place: string;
  now_utc: number | null;
  onDone: () => void;
}

function useSent(onDone: () => void) {
  const [busy, setBusy] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const send = async (what: string, made: () => Promise<Form>) => {
    setBusy(what);
    setFailed(null);
    try {
      await ask(await made());
      onDone();
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy("");
    }
  };
  return { busy, failed, send };
}

export function Steps(props: Props) {
  const { one, who } = props;
  if (mayWork(one, who)) return <Work {...props} />;
  if (mayVerify(one, who)) return <Verify {...props} />;
  return one.status === "done" ? <p class="hint">{t("acts.second")}</p> : null;
}

function Work({ one, who, place, now_utc, onDone }: Props) {
  const { busy, failed, send } = useSent(onDone);
  const [why, setWhy] = useState("");
  const step = (name: string, more: Partial<Form> = {}) =>
    void send(name, async () => ({ ask: "rectify", about: [one.id, name], ...more }));
  const picture = (name: "before" | "after", file: Blob) =>
    void send(name, async () => {
      const photo = await shrunk(file, stamp(one.id, place, who.name, now_utc));
      if (photo === null) throw new Fault("", [() => t("acts.too_large")]);
      return { ask: "rectify", about: [one.id, name], photo };
    });
  return (
    <div class="righting-steps">
      {waits(one) && (
        <button type="button" class="button main" disabled={busy !== ""} onClick={() => step("take")}>
          {t("acts.take")}
        </button>
      )}
      <Camera words={t("acts.before")} busy={busy !== ""} onFile={(file) => picture("before", file)} />
      <Camera words={t("acts.after")} busy={busy !== ""} onFile={(file) => picture("after", file)} />
      {!one.after && (
        <label class="field">
          {t("acts.why_none")}
          <input value={why} maxLength={200} onInput={(event) => setWhy(event.currentTarget.value)} />
        </label>
      )}
      <button
        type="button"
        class="button main done"
        disabled={busy !== "" || (!one.after && why.trim() === "")}
        onClick={() => step("done", { reason: why.trim() })}
      >
        {t("acts.finish")}
      </button>
      {busy !== "" && <Waiting what={t("task.sending")} />}
      {failed !== null && <FaultCard thrown={failed} />}
    </div>
  );
}

function Camera({ words, busy, onFile }: { words: string; busy: boolean; onFile: (file: Blob) => void }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => field.current?.click()}>
        {words}
      </button>
      <input
        ref={field}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={words}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}

function Verify({ one, onDone }: Props) {
  const { busy, failed, send } = useSent(onDone);
  const [why, setWhy] = useState("");
  const [pin, setPin] = useState("");
  const say = (answer: "yes" | "no", proof: Partial<Form>) => {
    setPin("");
    void send(answer, async () => ({
      ask: "verify",
      about: [one.id, answer],
      ...(answer === "no" ? { reason: why.trim() } : {}),
      ...proof,
    }));
  };
  useBadge((proof) => say(why.trim() === "" ? "yes" : "no", proof));
  const back = why.trim() !== "";
  return (
    <form
      class="righting-steps"
      onSubmit={(event) => {
        event.preventDefault();
        if (pin) say(back ? "no" : "yes", { pin });
      }}
    >
      <label class="field">
        {t("acts.why_back")}
        <input value={why} maxLength={200} onInput={(event) => setWhy(event.currentTarget.value)} />
      </label>
      <PinPad
        pin={pin}
        onPin={setPin}
        label={t("task.fresh", { name: session.get()?.who?.name ?? "" })}
        enter={{ words: t(back ? "acts.send_back" : "acts.verify"), ready: pin !== "" && busy === "" }}
      />
      {busy !== "" && <Waiting what={t("task.sending")} />}
      {failed !== null && <FaultCard thrown={failed} />}
    </form>
  );
}
