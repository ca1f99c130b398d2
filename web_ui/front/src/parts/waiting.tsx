/** Something is being fetched; after five seconds it says what is waited for, and what can be done. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../words/words.ts";

const EXPLAIN_MS = 5000;

export function Waiting({ what }: { what: string }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), EXPLAIN_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="card waiting" role="status">
      <h1>{what}</h1>
      {long && <p>{t("wait.long")}</p>}
    </div>
  );
}
