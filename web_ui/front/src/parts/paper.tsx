/** What a ticket says: read by whoever signs it, and by whoever works under it. */

import type { Permit } from "../api/shapes/permit.ts";
import { Link } from "../router.tsx";
import { said, t, term } from "../words/words.ts";
import { Fact } from "./fact.tsx";
import { Icon } from "./icon.tsx";
import { cut } from "./name.tsx";

export function Paper({ permit }: { permit: Permit }) {
  const at = permit.point;
  return (
    <dl class="says">
      {said(permit.content) && <Fact of={t("print.content")}>{cut(said(permit.content), 500)}</Fact>}
      {at && <Fact of={t("point.title")}>{t("point.at", { x: at.x_m, y: at.y_m })}</Fact>}
      {permit.wind_stop_mps !== null && <Fact of={t("ticket.wind")}>{t("ticket.outdoors")}</Fact>}
      {permit.pipe && <Fact of={t("ticket.pipe")}>{cut(permit.pipe)}</Fact>}
      {permit.scopes.length > 0 && (
        <Fact of={t("ticket.scopes")}>{permit.scopes.map(said).join(t("phone.comma"))}</Fact>
      )}
      {permit.linked.length > 0 && (
        <Fact of={t("ticket.linked")}>
          {permit.linked.map((id) => (
            <Link key={id} class="button" to={`/p/${encodeURIComponent(id)}`}>
              {cut(id, 40)}
            </Link>
          ))}
        </Fact>
      )}
      {permit.measures.length > 0 && (
        <Fact of={t("print.measures")}>
          <ul>
            {permit.measures.map((one) => (
              <li key={one.id}>
                {said(one.words)} <small>{term("measure_kind", one.kind)}</small>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {permit.left_out.length > 0 && (
        <Fact of={t("measure.not_held")}>
          <ul class="changes">
            {permit.left_out.map((one) => (
              <li key={one.en}>
                <Icon of="warning" /> {said(one)}
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  );
}
