// Bundles the app into the service's static files. File names hold a hash, so browsers may keep them for good; the few
// that cannot (index.html, service-worker.js, manifest.webmanifest, favicon.svg) are asked for anew.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { writeIcons } from "./icons/icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/lentigo/service/static");
// Old Android phones, and the first iPhone system with locks and dialogs.
const target = ["chrome90", "firefox98", "safari15.4"];

// onnxruntime-web runs a model on the phone. The page fetches it with the model, and checks it: its WebAssembly, the script
// with which it starts threads, and our worker.
const runtime = join(here, "node_modules/onnxruntime-web/dist");

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "assets"), { recursive: true });

const digest = (content) => createHash("sha256").update(content).digest("hex");
const described = (path, content) => ({ path, bytes: content.length, sha256: digest(content) });
const hashed = async (source, name, ending) => {
  const content = await readFile(source);
  const path = `/assets/${name}-${digest(content).slice(0, 8).toUpperCase()}.${ending}`;
  await writeFile(join(out, path), content);
  return described(path, content);
};
const wasm = await hashed(join(runtime, "ort-wasm-simd-threaded.wasm"), "ort", "wasm");
const threads = await hashed(join(runtime, "ort-wasm-simd-threaded.mjs"), "ort", "js");
const { metafile: workerFile } = await build({
  entryPoints: { worker: join(here, "src/phone/worker.ts") },
  outdir: join(out, "assets"),
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target,
  // Its own scripts beside it, instead of within it.
  conditions: ["onnxruntime-web-use-extern-wasm"],
  metafile: true,
});
const workerName = basename(Object.keys(workerFile.outputs)[0]);
const worker = described(`/assets/${workerName}`, await readFile(join(out, "assets", workerName)));

const { metafile } = await build({
  entryPoints: { app: join(here, "src/main.tsx"), style: join(here, "src/style/index.css") },
  outdir: join(out, "assets"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target,
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { ENGINE_FILES: JSON.stringify({ worker, threads, wasm }) },
  metafile: true,
});
const address = (path) =>
  `/${relative(out, path.startsWith("/") ? path : join(process.cwd(), path)).replaceAll("\\", "/")}`;
const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({
  address: address(path),
  ...output,
}));
const entry = (source) => outputs.find((one) => one.entryPoint?.endsWith(source));
const app = entry("src/main.tsx");
const style = entry("src/style/index.css");

// What the app imports, so that it is fetched with it and not after it.
const preloads = app.imports.filter((one) => one.kind === "import-statement").map((one) => address(one.path));

const icons = await writeIcons(join(here, "icons/mark.svg"), join(out, "assets"));
await copyFile(join(here, "icons/mark.svg"), join(out, "favicon.svg"));
await writeFile(
  join(out, "manifest.webmanifest"),
  JSON.stringify({
    id: "/",
    name: "Lentigo",
    short_name: "Lentigo",
    description: "An honest, explained estimate from a photo of a spot on the skin. No medical device.",
    start_url: "/#/",
    scope: "/",
    display: "standalone",
    background_color: "#fbf8f3",
    theme_color: "#fbf8f3",
    categories: ["health", "medical"],
    icons: icons.map(({ address: src, size, purpose }) => ({
      src,
      sizes: `${size}x${size}`,
      type: "image/png",
      purpose,
    })),
  }),
);
const page = (await readFile(join(here, "src/index.html"), "utf8"))
  .replace("{{script}}", app.address)
  .replace("{{style}}", style.address)
  .replace("{{touch-icon}}", icons.find((one) => one.size === 180).address)
  .replace("{{preloads}}", preloads.map((one) => `<link rel="modulepreload" href="${one}">`).join("\n"));
await writeFile(join(out, "index.html"), page);

// Large things that not everybody needs stay out of this list and are kept when they are asked for.
const MOST_PRECACHED_BYTES = 200_000;
const precache = ["/", "/manifest.webmanifest", "/favicon.svg"].concat(
  outputs
    .filter((one) => one.bytes <= MOST_PRECACHED_BYTES && /\.(js|css)$/.test(one.address))
    .map((one) => one.address),
);
const buildHash = createHash("sha256").update(page).update(precache.join()).digest("hex").slice(0, 12);
await build({
  entryPoints: [join(here, "src/worker/service-worker.ts")],
  outfile: join(out, "service-worker.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target,
  define: {
    PRECACHE: JSON.stringify(precache),
    BUILD: JSON.stringify(buildHash),
    ENGINE: JSON.stringify([worker.path, threads.path]),
  },
});

// Beside each file that gets smaller by it, the same packed: the server hands that to browsers that unpack it.
const packed = ["index.html", "service-worker.js", "manifest.webmanifest", "favicon.svg"].concat(
  (await readdir(join(out, "assets")))
    .map((name) => join("assets", name))
    .filter((name) => !name.endsWith(".png")),
);
for (const name of packed)
  await writeFile(join(out, `${name}.gz`), gzipSync(await readFile(join(out, name)), { level: 9 }));

const first = [app.address, style.address, ...preloads];
let bytes = 0;
for (const one of first) bytes += gzipSync(await readFile(join(out, one))).length;
const precached = precache.map((one) => (one === "/" ? "index.html" : one)).concat("service-worker.js");
let kept = 0;
for (const one of precached) kept += (await stat(join(out, `${one}.gz`))).size;
const all = outputs.reduce((sum, one) => sum + one.bytes, 0);
const kb = (count) => `${(count / 1024).toFixed(0)} KB`;
console.log(
  `Built the app: ${outputs.length} files, ${kb(all)}; compressed, the first screen takes ${kb(bytes)}, and all that is kept for offline use ${kb(kept)}`,
);
