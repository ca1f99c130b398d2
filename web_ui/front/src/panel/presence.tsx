/** The rotating code that shows that somebody stands before this screen; a code that is over is never shown. */
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { useShown } from "../parts/notlive.tsx";
import { t } from "../words/words.ts";

interface Code {
  code: string;
  until_utc: number;
}

const AGAIN_MS = 1000;

export function Presence() {
  const { now_utc } = useShown();
  const [code, setCode] = useState<Code | null>(null);
  const left_s = code && now_utc !== null ? code.until_utc - now_utc : 0;
  const over = left_s <= 0;
  useEffect(() => {
    if (!over) return;
    const fetchIt = () => call<Code>("GET", "/presence").then(setCode, () => setCode(null));
    void fetchIt();
    const timer = setInterval(() => void fetchIt(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [over]);
  return (
    <section class="presence">
      <h2>{t("panel.code")}</h2>
      {code && !over ? (
        <>
          <p class="digits">
            {code.code.slice(0, 3)} {code.code.slice(3)}
          </p>
          <meter min={0} max={30} value={left_s} aria-label={t("panel.code_left")} />
        </>
      ) : (
        <p class="none">{t("panel.no_code")}</p>
      )}
    </section>
  );
}
