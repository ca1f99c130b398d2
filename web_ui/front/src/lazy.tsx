/** A page that is fetched when it is first opened: says that it comes, or why it did not. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FaultCard } from "./parts/fault.tsx";
import { Waiting } from "./parts/waiting.tsx";
import type { Params } from "./router.tsx";
import { t } from "./words/words.ts";

type Page = ComponentType<{ params: Params }>;

export function lazy(load: () => Promise<Page>): Page {
  let loaded: Page | null = null;
  return function Lazy({ params }) {
    const [Shown, setShown] = useState(() => loaded);
    const [failed, setFailed] = useState<unknown>(null);
    useEffect(() => {
      if (loaded) return;
      load().then((page) => {
        loaded = page;
        setShown(() => page);
      }, setFailed);
    }, []);
    if (Shown) return <Shown params={params} />;
    if (failed !== null) return <FaultCard thrown={failed} again={() => location.reload()} />;
    return <Waiting what={t("wait.page")} />;
  };
}
