/** An address that is no page: says so, and leads home. */
import { Link, path } from "../router.tsx";
import { t } from "../words/words.ts";

export function Missing() {
  return (
    <section class="card">
      <h1>{t("missing.title")}</h1>
      <p>{t("missing.cause", { path: path.get() })}</p>
      <p>{t("missing.next")}</p>
      <Link to="/" class="button">
        {t("missing.home")}
      </Link>
    </section>
  );
}
