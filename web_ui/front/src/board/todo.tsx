/** What this box still needs, for those who fit it: one line that opens; permits and alarms stay in sight. */
import "../styles/setup.css";
import { session } from "../api/session.ts";
import type { Setup } from "../api/setup.ts";
import { Icon } from "../parts/icon.tsx";
import { Link } from "../router.tsx";
import { open, SIGNS } from "../setup/steps.ts";
import { useSetup } from "../setup/use.ts";
import { useStore } from "../store.ts";
import { said, t } from "../words/words.ts";

const FITTERS = new Set(["technician", "admin"]); // web_ui/access.py

export function ToDo() {
  const roles = useStore(session)?.who?.roles ?? [];
  return roles.some((role) => FITTERS.has(role)) ? <Looked /> : null;
}

function Looked() {
  const { setup, failed } = useSetup();
  if (failed !== null) return <p class="hint">{t("setup.unknown")}</p>;
  return setup && open(setup.steps).length > 0 ? <Left setup={setup} /> : null;
}

function Left({ setup }: { setup: Setup }) {
  const left = open(setup.steps);
  return (
    <details class="setup-todo">
      <summary class="button quiet">{t("setup.board", { count: left.length })}</summary>
      <ul>
        {left.map((one) => (
          <li key={one.id} data-standing={one.standing}>
            <Icon of={SIGNS[one.standing]} />
            <Link to={one.to || "/setup"} class="button quiet">
              {t(`setup.${one.id}`)}
            </Link>
            <span>{said(one.says)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
