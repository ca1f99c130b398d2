/** A short word that something was done; it goes by itself and takes no place from what must be seen. */
import { store, useStore } from "../store.ts";
import { language, type Spoken } from "../words/words.ts";
import { Icon } from "./icon.tsx";

const SHOWN_MS = 4000;
export const told = store<Spoken | null>(null);
let timer = 0;

export function tell(words: Spoken): void {
  told.set(words);
  clearTimeout(timer);
  timer = window.setTimeout(() => told.set(null), SHOWN_MS);
}

export function Told() {
  const words = useStore(told);
  useStore(language);
  return (
    <div class="told" role="status">
      {words && (
        <p>
          <Icon of="may_work" /> {words()}
        </p>
      )}
    </div>
  );
}
