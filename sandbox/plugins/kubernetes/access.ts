/** The one cluster of this provider: connected to when it is first needed, or the reason why it cannot be. */
import { isTransient, withRetries } from "./client";
import { Cluster } from "./cluster";
import { connect } from "./connection";
import type { Settings } from "./settings";

export type Access = { cluster: Cluster } | { reason: string; transient: boolean };

/** Short: a preview without a cluster is a thing of every day. */
const previewPauses: readonly number[] = [100, 300, 900];

/** An update has nothing to fall back on: an API server that restarts gets its time. */
const updatePauses: readonly number[] = [1000, 2000, 4000];

export class ClusterAccess {
  private opened: Promise<Access> | undefined;
  private insisted: Promise<Access> | undefined;
  private warned = false;

  /** @param warn Shows a message about the stack. */
  constructor(
    private readonly settings: Settings,
    private readonly signal: AbortSignal,
    private readonly warn: (message: string) => Promise<void>,
  ) {}

  open(): Promise<Access> {
    this.opened ??= this.connect(previewPauses);
    return this.opened;
  }

  /** For real changes: there is no way round the cluster. */
  async require(): Promise<Cluster> {
    let access = await this.open();
    if ("reason" in access && access.transient) {
      this.insisted ??= this.connect(updatePauses);
      access = await this.insisted;
    }
    if ("cluster" in access) return access.cluster;
    throw new Error(`the Kubernetes cluster cannot be reached: ${access.reason}`);
  }

  /** For previews: without a cluster they go on from the inputs alone, and say so once. */
  async ifReachable(): Promise<Cluster | undefined> {
    const access = await this.open();
    if ("cluster" in access) return access.cluster;
    if (!this.warned) {
      this.warned = true;
      await this.warn(`Kubernetes resources are previewed from their inputs alone: ${access.reason}`);
    }
    return undefined;
  }

  private async connect(pauses: readonly number[]): Promise<Access> {
    if (this.settings.unknown)
      return { reason: "the cluster is not known before it has been created", transient: false };
    try {
      const cluster = new Cluster(await connect(this.settings), this.signal);
      await withRetries(() => cluster.reach(), { pauses, signal: this.signal });
      return { cluster };
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error), transient: isTransient(error) };
    }
  }
}
