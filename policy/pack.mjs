/** Where Pulumi's runner of policies enters the pack: the TypeScript beside it, without checking its types once more. */
import { createRequire } from "node:module";
import "../typescript.mjs";

createRequire(import.meta.url)("./index.ts");
