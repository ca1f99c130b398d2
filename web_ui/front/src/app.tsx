/** The frame of every page: whose box, who uses it, which language, and the page itself. */
import { useState } from "preact/hooks";
import { box } from "./api/box.ts";
import { logOut, session } from "./api/session.ts";
import { Claim } from "./pages/claim.tsx";
import { Login } from "./pages/login.tsx";
import { AtPanel } from "./parts/atpanel.tsx";
import { FaultCard } from "./parts/fault.tsx";
import { Nav } from "./parts/nav.tsx";
import { Told, tell } from "./parts/told.tsx";
import { Waiting } from "./parts/waiting.tsx";
import { Link, type Params, path } from "./router.tsx";
import { type Route, routeAt } from "./routes.tsx";
import { useStore } from "./store.ts";
import { choose, language, said, t } from "./words/words.ts";

export function App({ failed }: { failed: unknown }) {
  const address = useStore(path);
  useStore(language); // all of it is drawn anew in the other words; what was typed and opened in it stays
  const { route, params } = routeAt(address);
  return (
    <div>
      {!route.bare && <Top />}
      <main aria-label={t("shell.main")} class={route.wide ? "wide" : ""}>
        {failed ? <FaultCard thrown={failed} again={() => location.reload()} /> : null}
        <Body route={route} params={params} />
      </main>
      <Told />
    </div>
  );
}

function Body({ route, params }: { route: Route; params: Params }) {
  const now = useStore(session);
  const known = useStore(box);
  if (known?.claimed === false && now === null && route.pattern === "/") return <Claim />;
  if (route.for === "person") {
    if (now === undefined) return <Waiting what={t("wait.session")} />;
    if (now === null) return <Login />;
  }
  const Page = route.page;
  return <Page key={JSON.stringify(params)} params={params} />;
}

function Top() {
  const known = useStore(box);
  const now = useStore(session);
  const spoken = useStore(language);
  const [leaving, setLeaving] = useState(false);
  const out = async () => {
    setLeaving(true);
    try {
      await logOut();
      tell(() => t("shell.logged_out"));
    } catch {
      tell(() => t("shell.logged_out_here")); // this device forgot its key; the box ends the session by itself
    } finally {
      setLeaving(false);
    }
  };
  return (
    <header>
      {known?.demo && <p class="demo">{t("page.demo")}</p>}
      <div class="top">
        <Link to="/" class="title">
          {known ? said(known.name) : t("shell.title")}
          {now?.who && <small>{now.who.name}</small>}
        </Link>
        {now?.who && (
          <button type="button" class="button quiet" disabled={leaving} onClick={() => void out()}>
            {t("shell.log_out")}
          </button>
        )}
        <button
          type="button"
          class="button quiet"
          lang={spoken === "zh" ? "en" : "zh-CN"}
          onClick={() => void choose(spoken === "zh" ? "en" : "zh", now?.who?.id)}
        >
          {t("shell.other_language")}
        </button>
      </div>
      {now?.who && <Nav />}
      {now?.who && now.panel && <AtPanel />}
    </header>
  );
}
