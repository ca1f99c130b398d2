/** All that is recorded around an event, signed by the box, to hand over: asked for with PIN or badge, on record. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import { API, asFault, there } from "../api/client.ts";
import type { Proof } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

const AGAIN_MS = 1000;
const TRIES = 60;

/** `about`: an event by its number, or "<from>to<until>" in whole UTC seconds. */
export function BundlePart({ about }: { about: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="group bundle" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="button">{t("bundle.title")}</summary>
      {open && <Asking about={about} />}
    </details>
  );
}

function Asking({ about }: { about: string }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [made, setMade] = useState<string | null>(null);
  const submit = async (reason: string, proof: Proof) => {
    setBusy(true);
    setFailed(null);
    try {
      const name = `${about}-${Date.now().toString(36)}`;
      await ask({ ask: "film", about: [name, "bundle"], reason, ...proof });
      setMade(await fetched(name));
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  const signed = useSigned(busy, (reason, proof) => void submit(reason, proof));
  if (made) {
    return (
      <>
        <a class="button main" href={made} download={`${made.split("/").at(-1)}.zip`}>
          {t("bundle.take")}
        </a>
        <p class="hint">{t("bundle.check")}</p>
      </>
    );
  }
  return (
    <SignedForm
      signed={signed}
      hint={t(about.includes("to") ? "bundle.about_time" : "bundle.about")}
      why={t("bundle.why")}
      enter={t("bundle.make")}
    >
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("bundle.making")} />}
    </SignedForm>
  );
}

/** Where it lies, once it is there. */
async function fetched(name: string): Promise<string> {
  for (let tried = 1; ; tried += 1) {
    if (await there(`/bundles/${name}`, tried === TRIES)) return `${API}/bundles/${name}`;
    await new Promise((go) => setTimeout(go, AGAIN_MS));
  }
}
