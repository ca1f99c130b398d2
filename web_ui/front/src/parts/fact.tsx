/** One row of a list of facts: what it is called, and what it is. */

export function Fact({ of, children }: { of: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{of}</dt>
      <dd>{children}</dd>
    </div>
  );
}
