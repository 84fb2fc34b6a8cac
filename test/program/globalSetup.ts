/** The engine and its plugins; no cluster. */
import { ensureEngine } from "../../sandbox/engine";
import { layout } from "../support/engine";

export default async function setup(): Promise<void> {
  await ensureEngine(layout, { download: true });
}
