// PNG icons from the mark: plain, maskable (the spot within the safe zone of a full ground) and monochrome.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const ICONS = [
  { name: "icon", size: 192, purpose: "any" },
  { name: "icon", size: 512, purpose: "any" },
  { name: "maskable", size: 512, purpose: "maskable" },
  { name: "monochrome", size: 512, purpose: "monochrome" },
  // iOS rounds the corners itself.
  { name: "touch", size: 180, purpose: "any" },
];

export async function writeIcons(mark, folder) {
  const wasm = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
  await initWasm(await readFile(wasm));
  const svg = await readFile(mark, "utf8");
  return Promise.all(
    ICONS.map(async (icon) => {
      const png = new Resvg(variant(svg, icon.name), { fitTo: { mode: "width", value: icon.size } })
        .render()
        .asPng();
      const hash = createHash("sha256").update(png).digest("hex").slice(0, 8).toUpperCase();
      const file = `${icon.name}-${icon.size}-${hash}.png`;
      await writeFile(join(folder, file), png);
      return { ...icon, address: `/assets/${file}` };
    }),
  );
}

function variant(svg, name) {
  if (name === "icon") return svg;
  if (name === "monochrome") return svg.replace(/<rect[^>]*>/, "").replaceAll("#f3d9bf", "#ffffff");
  const full = svg.replace('rx="18"', "");
  // The safe zone is a circle of 80 % across.
  return name === "maskable" ? full.replace('id="spot"', 'transform="translate(6.4 6.4) scale(.8)"') : full;
}
