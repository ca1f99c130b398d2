/** The wizard's list, looked at again and again while somebody sees it. */
import { useEffect, useState } from "preact/hooks";
import { type Setup, setupNow } from "../api/setup.ts";

const AGAIN_MS = 3000;

export function useSetup(): { setup: Setup | null; failed: unknown } {
  const [setup, setSetup] = useState<Setup | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const found = await setupNow();
        if (over) return;
        setSetup(found);
        setFailed(null);
      } catch (thrown) {
        if (over) return;
        setSetup(null); // what was so a while ago is not told as what is
        setFailed(thrown);
      }
      timer = setTimeout(look, AGAIN_MS);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
  return { setup, failed };
}
