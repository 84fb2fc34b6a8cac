/** `release apply`: an update like any other, to what the configuration and the program say; whoever is moved by it is told. */
import { colors, type Color, type PerColor } from "../../components/colors";
import type { ServiceSettings } from "../../settings";
import { readLive } from "../cluster/read";
import type { Target } from "../cluster/state";
import { openContext, type Context } from "../context";
import { asError } from "../errors";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import { wholeStack } from "../options";
import { table } from "../render/table";
import type { Change } from "./engine";
import type { ActOptions } from "./options";
import { confirmed, plan, updateStack } from "./run";

/** What an update came to. */
export interface Applied {
  readonly stack: string;
  readonly changes: readonly Change[];
  readonly switched: readonly Switched[];
}

/** A service whose users have another colour than before. */
export interface Switched {
  readonly service: string;
  readonly from: Color;
  readonly to: Color;
  readonly image: string;
  /** Why it may be live unverified. */
  readonly skipVerification: string | null;
}

export async function apply(options: ActOptions): Promise<void> {
  wholeStack(options, "An update is a whole stack's.");
  const context = await openContext(options);
  const { output, stack } = context;
  const planned = await plan(context, []);
  // Without a change it is made all the same: the stack's history has the configuration of each update.
  if (planned.changes.length > 0) {
    const rows = planned.changes.map(({ op, type, name }) => [op, type, name]);
    output.progress(`The update:\n${table([], rows, "  ")}`);
    await confirmed(context, options, `Apply this to ${stack.name}?`);
  }
  const before = await lives(context);
  const updated = await updateStack(context, "Update the stack", "apply", { wait: options.wait }).then(
    (changes) => ({ changes, failure: undefined }),
    (failure: unknown) => ({ changes: [], failure: asError(failure) }),
  );
  // Also after a failure: users may have moved before it.
  const switched = switchesBetween(before, await lives(context), context.services);
  await tell(context, switched);
  if (updated.failure !== undefined) throw updated.failure;
  const applied: Applied = { stack: stack.name, changes: updated.changes, switched };
  output.result(applied, () => renderApplied(applied));
}

/** Where the users of each service are, as far as that can be told. */
async function lives({ cluster, settings, services }: Context): Promise<Record<string, Target>> {
  const unknown = (error: unknown) => ({ color: "unknown", reason: String(error) }) as const;
  const entries = services.map(
    async ({ name }) => [name, await readLive(cluster, settings.namespace, name).catch(unknown)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** The services whose users are known to have moved. */
export function switchesBetween(
  before: Readonly<Record<string, Target>>,
  after: Readonly<Record<string, Target>>,
  services: readonly {
    name: string;
    settings: PerColor<{ image: string }> & Pick<ServiceSettings, "skipVerification">;
  }[],
): Switched[] {
  return services.flatMap(({ name: service, settings }) => {
    const [from, to] = [before, after].map((targets) => colors.find((color) => color === targets[service]?.color));
    if (from === undefined || to === undefined || from === to) return [];
    const { image } = settings[to];
    const skip = settings.skipVerification;
    return [{ service, from, to, image, skipVerification: skip?.image === image ? skip.reason : null }];
  });
}

async function tell({ output, settings, stack }: Context, switched: readonly Switched[]): Promise<void> {
  for (const each of switched) {
    const event = { ...each, kind: "switch", stack: stack.name, by: operator(), switchMs: null } as const;
    await notify(settings.notifications, event, output.progress);
  }
}

export function renderApplied({ stack, changes, switched }: Applied): string {
  const count = changes.length === 1 ? "1 resource" : `${changes.length} resources`;
  return [
    changes.length === 0 ? `Stack ${stack} was as it should be.` : `Stack ${stack} is updated: ${count} changed.`,
    ...switched.map(({ service, from, to, image }) => `${service}: ${to} is live with ${image}, instead of ${from}.`),
  ].join("\n");
}
