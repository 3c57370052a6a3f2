// Takes the download addresses out of package-lock.json: names, versions and hashes pin everything; where to fetch from
// is the machine's own choice. (npm's omit-lockfile-registry-resolved also drops other platforms' optional packages.)
import { readFile, writeFile } from "node:fs/promises";

const path = new URL("package-lock.json", import.meta.url);
const lock = JSON.parse(await readFile(path, "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.resolved;
await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
