/** One server for all files; each works in buckets and repositories of its own. */
import type { TestProject } from "vitest/node";
import { ensureMoto, startMoto } from "./moto";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startMoto(await ensureMoto());
  project.provide("awsUrl", url);
  return stop;
}

declare module "vitest" {
  export interface ProvidedContext {
    awsUrl: string;
  }
}
