/** Why somebody must log in again, though he did not log out. */
import { ended } from "../api/session.ts";
import { useStore } from "../store.ts";
import { Icon } from "./icon.tsx";

export function Ended() {
  const why = useStore(ended);
  return why ? (
    <p class="ended" role="alert">
      <Icon of="warning" /> {why()}
    </p>
  ) : null;
}
