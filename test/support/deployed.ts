/** A service that a file of tests has for itself on the test cluster: there before the first, gone after the last. */
import { afterAll, beforeAll } from "vitest";
import type { TestStack } from "./engine";
import { openStack } from "./releaseActions";
import { ask } from "./service";

export interface Deployed {
  readonly host: string;
  /** Where users are. */
  readonly liveColor: () => Promise<string | undefined>;
  /** To be asked for in a test: before, it is not there. */
  readonly stack: TestStack;
}

export function deployed(namespace: string, service: Record<string, unknown> = {}): Deployed {
  let opened: TestStack | undefined;
  beforeAll(async () => {
    opened = await openStack(namespace, service);
  });
  afterAll(() => opened?.destroy());
  const host = `${namespace}.localhost`;
  return {
    host,
    liveColor: async () => (await ask(host, "/v1/info")).color,
    get stack() {
      if (opened === undefined) throw new Error(`the stack of ${namespace} is not deployed yet`);
      return opened;
    },
  };
}
