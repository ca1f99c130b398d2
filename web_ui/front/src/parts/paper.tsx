/** What a ticket says: read by whoever signs it, and by whoever works under it. */
import type { Permit } from "../api/shapes/permit.ts";
import { Link } from "../router.tsx";
import { said, t, term } from "../words/words.ts";
import { Icon } from "./icon.tsx";
import { cut } from "./name.tsx";

export function Paper({ permit }: { permit: Permit }) {
  const at = permit.point;
  return (
    <dl class="says">
      {said(permit.content) && <Row name={t("print.content")}>{cut(said(permit.content), 500)}</Row>}
      {at && <Row name={t("point.title")}>{t("point.at", { x: at.x_m, y: at.y_m })}</Row>}
      {permit.wind_stop_mps !== null && <Row name={t("ticket.wind")}>{t("ticket.outdoors")}</Row>}
      {permit.pipe && <Row name={t("ticket.pipe")}>{cut(permit.pipe)}</Row>}
      {permit.scopes.length > 0 && (
        <Row name={t("ticket.scopes")}>{permit.scopes.map(said).join(t("phone.comma"))}</Row>
      )}
      {permit.linked.length > 0 && (
        <Row name={t("ticket.linked")}>
          {permit.linked.map((id) => (
            <Link key={id} class="button" to={`/p/${encodeURIComponent(id)}`}>
              {cut(id, 40)}
            </Link>
          ))}
        </Row>
      )}
      {permit.measures.length > 0 && (
        <Row name={t("print.measures")}>
          <ul>
            {permit.measures.map((one) => (
              <li key={one.id}>
                {said(one.words)} <small>{term("measure_kind", one.kind)}</small>
              </li>
            ))}
          </ul>
        </Row>
      )}
      {permit.left_out.length > 0 && (
        <Row name={t("measure.not_held")}>
          <ul class="changes">
            {permit.left_out.map((one) => (
              <li key={one.en}>
                <Icon of="warning" /> {said(one)}
              </li>
            ))}
          </ul>
        </Row>
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
