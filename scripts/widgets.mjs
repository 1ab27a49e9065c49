// Builds each widget of loopai_nb/notebook/widgets/src into one ES module and one style sheet.
//
//   node scripts/widgets.mjs [--out FOLDER]   build (npm run build, or make widgets)
//   node scripts/widgets.mjs --test           run the tests that lie beside the sources (npm test)
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const widgets = join(root, "loopai_nb", "notebook", "widgets");
const sources = join(widgets, "src");

const common = { absWorkingDir: root, bundle: true, format: "esm", legalComments: "none", logLevel: "warning" };

if (process.argv.includes("--test")) {
  const out = mkdtempSync(join(root, "node_modules", ".widgets-test-"));
  try {
    await build({ ...common, entryPoints: found(sources, ".test.ts"), outdir: out, platform: "node" });
    const files = found(out, ".test.js");
    process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
} else {
  const at = process.argv.indexOf("--out");
  await build({
    ...common,
    entryPoints: readdirSync(sources)
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => join(sources, name)),
    outdir: at < 0 ? join(widgets, "static") : process.argv[at + 1],
    minify: true,
    // Short lines, so that git keeps and shows changes of a line and not of a file.
    lineLimit: 160,
    target: ["es2022"],
    charset: "utf8",
  });
}

function found(folder, suffix) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name));
}
