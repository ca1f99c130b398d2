/** Something did not work: its cause, what to do now, and the code for whoever mends it. */
import { useEffect, useRef } from "preact/hooks";
import { asFault } from "../api/client.ts";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

export function FaultCard({ thrown, again }: { thrown: unknown; again?: () => void }) {
  const fault = asFault(thrown);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.scrollIntoView({ block: "center" }), []); // it may come below what is in sight
  return (
    <div class="card fault" role="alert" ref={card}>
      <ul>
        {fault.causes.map((cause) => (
          <li key={cause} class="fault-cause">
            <Icon of="warning" /> {cause}
          </li>
        ))}
      </ul>
      <p>{fault.next}</p>
      {again && (
        <button type="button" class="button" onClick={again}>
          {t("fault_page.again")}
        </button>
      )}
      {fault.code && <p class="code">{fault.code}</p>}
    </div>
  );
}
