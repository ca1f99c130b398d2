/** Whether this screen can be heard: a test that anybody can press, and a clear word where the browser forbids it. */
import { useEffect, useState } from "preact/hooks";
import { canSound, sound, soundNow } from "../live/sound.ts";
import { Icon } from "../parts/icon.tsx";
import { t } from "../words/words.ts";

const LOOK_MS = 3000;

export function Sounding() {
  const [state, setState] = useState<"ok" | "blocked" | "none">(canSound() ? "ok" : "blocked");
  const [tested, setTested] = useState(false);
  useEffect(() => {
    const look = () => void soundNow().then(setState);
    look();
    const again = setInterval(look, LOOK_MS);
    return () => clearInterval(again);
  }, []);
  const test = async () => {
    const now = await soundNow();
    setState(now);
    setTested(now === "ok");
    if (now === "ok") sound("evacuate");
  };
  return (
    <section class="sounding" data-sound={state}>
      <button type="button" class="button" onClick={() => void test()}>
        <Icon of="sound" /> {t("sound.test")}
      </button>
      {state === "ok" && <p role="status">{t(tested ? "sound.heard" : "sound.ok")}</p>}
      {state !== "ok" && (
        <p class="silent" role="alert">
          <Icon of="warning" /> {t(`sound.${state}`)}
        </p>
      )}
    </section>
  );
}
