/** PersistentVolumes and their claims. */
import type { Values } from "../../shared/values";
import { textAt } from "../objects";
import { failed, ready, waiting, type Verdict, type Wait } from "./verdict";

const timeoutSeconds = 300;

export const persistentVolume: Wait = {
  timeoutSeconds,
  onRead: false,
  judge: ({ live }) => volumeVerdict(live),
};

export const persistentVolumeClaim: Wait = {
  timeoutSeconds,
  onRead: false,
  async judge({ cluster, live }) {
    const name = textAt(live, "spec", "storageClassName");
    const storageClass =
      name === "" || phaseOf(live) !== "Pending"
        ? undefined
        : await cluster.get({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", namespace: "", name });
    return claimVerdict(live, storageClass);
  },
};

export function volumeVerdict(live: Values): Verdict {
  const phase = phaseOf(live);
  if (phase === "Available" || phase === "Bound") return ready;
  if (phase === "Failed") return failed(`the volume failed: ${textAt(live, "status", "message")}`);
  return waiting(`the volume is ${phase || "new"}`);
}

export function claimVerdict(live: Values, storageClass: Values | undefined): Verdict {
  const phase = phaseOf(live);
  if (phase === "Bound") return ready;
  if (phase === "Lost") return failed("the claim has lost its volume");
  // Such a claim is bound when a Pod first mounts it; waiting here would keep that Pod from being made.
  if (textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer") return ready;
  return waiting(`the claim is ${phase || "new"}: no volume has been bound to it yet`);
}

function phaseOf(live: Values): string {
  return textAt(live, "status", "phase");
}
