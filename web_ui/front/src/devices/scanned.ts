/** The device whose label was scanned (`/detectors?of=ID`): marked, and brought into sight once it is drawn. */
import { useEffect } from "preact/hooks";
import { path } from "../router.tsx";
import { useStore } from "../store.ts";

function wanted(address: string): string {
  return new URLSearchParams(address.split("?")[1] ?? "").get("of") ?? "";
}

/** What marks the line of this device. */
export function scanned(id: string): { "data-scanned"?: "true" } {
  return id === wanted(path.get()) ? { "data-scanned": "true" } : {};
}

/** Brings it into sight, once. */
export function useScanned(): void {
  const of = wanted(useStore(path));
  useEffect(() => {
    if (!of) return;
    const look = () => {
      const line = document.querySelector("[data-scanned]");
      if (line) clearInterval(timer);
      line?.scrollIntoView({ block: "center" });
    };
    const timer = setInterval(look, 100);
    return () => clearInterval(timer);
  }, [of]);
}
