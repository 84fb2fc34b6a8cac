/** Versions of models in words. */
import { colorName } from "../render/colors";
import { table } from "../render/table";
import { timeOf } from "../render/time";
import type { ModelsList } from "./list";
import type { Reader } from "./store";

/** `facefusion blue and green, motion-transfer blue` */
export function readerWords(readers: readonly Reader[]): string {
  const byService = new Map<string, string[]>();
  for (const { service, color } of readers) byService.set(service, [...(byService.get(service) ?? []), color]);
  return [...byService].map(([service, colors]) => `${service} ${colors.join(" and ")}`).join(", ");
}

export function renderList({ stack, location, versions }: ModelsList): string {
  const head = `stack ${stack}, ${location}`;
  if (versions.length === 0) return `${head}\n\nNo version is there. Push one with: release models push <directory>`;
  const rows = versions.map(({ version, state, files, bytes, pushedAt, readers }) => [
    version,
    state,
    state === "missing" ? "-" : String(files),
    state === "missing" ? "-" : sizeOf(bytes),
    pushedAt === null ? "-" : timeOf(new Date(pushedAt)),
    readers.map(({ service, color }) => `${service} ${colorName(color)}`).join(", ") || "-",
  ]);
  return `${head}\n\n${table(["VERSION", "STATE", "FILES", "SIZE", "PUSHED", "READ BY"], rows, "  ")}`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `512 B`, `5.3 GiB` */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ""}`;
}
