/** How the pages are built: everything bundled, nothing from outside, no inline script or style (CSP). */
import { defineConfig } from "vitest/config";
import { words } from "./tools/words.ts";

export default defineConfig({
  plugins: [words()],
  build: {
    outDir: "../built",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome87", "safari15", "firefox90"],
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.includes("virtual:words/")
            ? "assets/words-[name]-[hash].js"
            : "assets/[name]-[hash].js",
      },
    },
  },
  logLevel: "warn",
  test: { include: ["src/**/*.test.ts"] },
});
