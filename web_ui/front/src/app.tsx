/** The frame of every page: whose box, which language, and the page itself. */
import { Link, path } from "./router.tsx";
import { pageAt } from "./routes.tsx";
import { useStore } from "./store.ts";
import { language, speak, t } from "./words/words.ts";

export function App() {
  const address = useStore(path);
  const spoken = useStore(language);
  const { page: Page, params } = pageAt(address);
  return (
    <div key={spoken}>
      <header class="top">
        <Link to="/" class="title">
          {t("shell.title")}
        </Link>
        <button
          type="button"
          class="button quiet"
          lang={spoken === "zh" ? "en" : "zh-CN"}
          onClick={() => void speak(spoken === "zh" ? "en" : "zh")}
        >
          {t("shell.other_language")}
        </button>
      </header>
      <main aria-label={t("shell.main")}>
        <Page key={address} params={params} />
      </main>
    </div>
  );
}
