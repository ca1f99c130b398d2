/** A page that edits what the box keeps: asked for, shown or the fault in its place, asked for anew once it is saved. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { FaultCard } from "../parts/fault.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

type Kept<T> = {
  title: string;
  comes: string; // what is waited for
  ask: () => Promise<T>;
  children: (now: T, onSaved: () => void) => preact.ComponentChildren;
};

export function Edited<T>({ title, comes, ask, children }: Kept<T>) {
  const [now, setNow] = useState<T | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const load = useCallback(() => {
    ask().then((kept) => setNow(() => kept), setFailed);
  }, [ask]);
  useEffect(load, [load]);
  const saved = () => {
    tell(() => t("settings.saved"));
    load();
  };
  return (
    <div class="board settings">
      <h1>{title}</h1>
      {failed !== null && <FaultCard thrown={failed} />}
      {now === null && failed === null && <Waiting what={comes} />}
      {now !== null && children(now, saved)}
    </div>
  );
}
