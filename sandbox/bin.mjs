/** Runs the TypeScript beside it; see main.ts. */
import { createRequire } from "node:module";
import "../typescript.mjs";

createRequire(import.meta.url)("./main.ts");
