/** Brings up a sandbox in a process of its own, which a test can kill: `tsx bringUp.ts LAYOUT`, as JSON. */
import { bringUp } from "../../sandbox/sandbox";
import type { Layout } from "../../sandbox/layout";

void bringUp(JSON.parse(process.argv[2] ?? "") as Layout);
