/** What a rule is that involves more than one key. */
import type { z } from "zod";
import type { Fault } from "./faults";

export interface Rule {
  check(raw: unknown): Fault[];
}

/**
 * A rule over the parts that `needs` picks. Where a part is itself at fault the rule is silent, so that one mistake gives
 * one message and every mistake is still found in one run.
 */
export function rule<S extends z.ZodType>(needs: S, check: (parts: z.output<S>) => Fault[]): Rule {
  return {
    check(raw) {
      const parts = needs.safeParse(raw);
      return parts.success ? check(parts.data) : [];
    },
  };
}
