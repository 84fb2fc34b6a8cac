/**
 * Recorded answers to the look-ups (invokes) that a program may make: right in shape, of no real account. Hosts end in
 * `recorded.invalid`, which no resolver knows, so that nothing can be reached by them.
 */
import { placeLookups } from "./placeLookups";
import type { Lookup } from "./recorded";
import { resourceLookups } from "./resourceLookups";

export const lookups: Readonly<Record<string, Lookup>> = { ...placeLookups, ...resourceLookups };
