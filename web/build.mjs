// Bundles the page into the service's static files. File names hold a hash, so browsers may keep them for good.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/lentigo/service/static");

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const result = await build({
  entryPoints: { app: join(here, "src/main.tsx"), style: join(here, "src/style/index.css") },
  outdir: join(out, "assets"),
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
});
const names = Object.keys(result.metafile.outputs).map((path) => basename(path));
const find = (start, end) => names.find((name) => name.startsWith(start) && name.endsWith(end));
const page = await readFile(join(here, "src/index.html"), "utf8");
await writeFile(
  join(out, "index.html"),
  page
    .replace("{{script}}", `/assets/${find("app-", ".js")}`)
    .replace("{{style}}", `/assets/${find("style-", ".css")}`),
);
await copyFile(join(here, "src/favicon.svg"), join(out, "favicon.svg"));
const bytes = Object.values(result.metafile.outputs).reduce((sum, file) => sum + file.bytes, 0);
console.log(`Built the page: ${names.join(", ")} (${(bytes / 1024).toFixed(0)} KB before compression)`);
