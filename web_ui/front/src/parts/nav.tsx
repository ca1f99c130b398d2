/** From every page to the few that everybody needs: my permits, the board, the alarms, and the direct report. */
import { session } from "../api/session.ts";
import { Link, match, path } from "../router.tsx";
import { useStore } from "../store.ts";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

export function Nav() {
  const address = useStore(path);
  const looks = useStore(session)?.who?.roles.includes("inspector") ?? false; // he files nothing
  const here = match("/p/:permit", address)?.permit;
  const report = here ? `/report?permit=${encodeURIComponent(here)}` : "/report";
  const current = (to: string) => (address.split("?")[0] === to ? " current" : "");
  return (
    <nav class="nav" aria-label={t("shell.pages")}>
      <Link to="/" class={`button${current("/")}`}>
        <Icon of="here" /> {t("shell.mine")}
      </Link>
      <Link to="/board" class={`button${current("/board")}`}>
        <Icon of="board" /> {t("shell.board")}
      </Link>
      <Link to="/alarms" class={`button${current("/alarms")}`}>
        <Icon of="bell" /> {t("section.alarms")}
      </Link>
      {!looks && (
        <Link to={report} class={`button report${current("/report")}`}>
          <Icon of="warning" /> {t("report.button")}
        </Link>
      )}
    </nav>
  );
}
