#!/usr/bin/env node
/** `npx release`: runs the TypeScript beside it as it is, with no build. */
import process from "node:process";

const needed = 24;
if (Number(process.versions.node.split(".")[0]) < needed) {
  console.error(`release needs Node.js ${needed} or later; this is ${process.versions.node}.`);
  console.error("Put a newer one on the PATH: sandbox/tools/node/bin prints where one is.");
  process.exit(2);
}

const { createRequire } = await import("node:module");
await import("../typescript.mjs");
createRequire(import.meta.url)("./main.ts");
