/**
 * STOP: always at the bottom, for everybody, log-in or not, live or not. Two taps within three seconds; nothing
 * to read, nothing to fill in. What became of it is said in words, and the button stays until it worked.
 */
import { useEffect, useState } from "preact/hooks";
import { stop } from "../api/ask.ts";
import { buzz } from "../live/sound.ts";
import { t } from "../words/words.ts";
import { FaultCard } from "./fault.tsx";
import { Icon } from "./icon.tsx";

const SURE_WITHIN_MS = 3000;

type State = "idle" | "armed" | "sending" | "sent" | { failed: unknown };

const LABEL = { idle: "stop.word", armed: "stop.sure", sending: "stop.sending", sent: "stop.sent" } as const;

/** `inPlace`: among others, as on the box's own screen, and not at the bottom. */
export function StopBar({ permit, inPlace = false }: { permit: string; inPlace?: boolean }) {
  const [state, setState] = useState<State>("idle");
  useEffect(() => {
    if (state !== "armed" && state !== "sent") return;
    const timer = setTimeout(() => setState("idle"), SURE_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const send = async () => {
    setState("sending");
    try {
      await stop(permit, "");
      setState("sent");
    } catch (thrown) {
      setState({ failed: thrown });
    }
  };
  const press = () => {
    buzz([60]);
    if (state === "armed") void send();
    else if (state !== "sending") setState("armed");
  };

  const failed = typeof state === "object";
  const face = failed ? "idle" : state;
  return (
    <div class={inPlace ? "stopbar in-place" : "stopbar"} data-state={face}>
      {failed && <FaultCard thrown={state.failed} />}
      <button type="button" class="button stop" onClick={press} aria-live="assertive">
        <Icon of="hand" />
        <span>{t(LABEL[face])}</span>
      </button>
    </div>
  );
}
