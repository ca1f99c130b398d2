/**
 * A page that is fetched when it is first opened: says that it comes, or why it did not. It is fetched again by
 * itself: nobody stands before the screen on the wall.
 */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FaultCard } from "./parts/fault.tsx";
import { Waiting } from "./parts/waiting.tsx";
import type { Params } from "./router.tsx";
import { t } from "./words/words.ts";

const AGAIN_MS = 3000;

type Page = ComponentType<{ params: Params }>;

export function lazy(load: () => Promise<Page>): Page {
  let loaded: Page | null = null;
  return function Lazy({ params }) {
    const [Shown, setShown] = useState(() => loaded);
    const [failed, setFailed] = useState<unknown>(null);
    useEffect(() => {
      if (loaded) {
        setShown(() => loaded); // it came between drawing and now, for one that was here before
        return;
      }
      let left = false;
      const took = (page: Page) => {
        loaded = page;
        setShown(() => page);
      };
      const missed = (thrown: unknown) => {
        setFailed(thrown);
        setTimeout(() => left || ask(), AGAIN_MS);
      };
      const ask = () => void load().then(took, missed);
      ask();
      return () => {
        left = true;
      };
    }, []);
    if (Shown) return <Shown params={params} />;
    if (failed !== null) return <FaultCard thrown={failed} again={() => location.reload()} />;
    return <Waiting what={t("wait.page")} />;
  };
}
