/** Looks at everything that the doctor judges by. */
import { X509Certificate } from "node:crypto";
import { guardPolicyNames } from "../../components/switchGuard";
import { colors } from "../../components/colors";
import { found, UnreachableError, type Cluster } from "../cluster/connection";
import { readNodes, readService } from "../cluster/read";
import type { ServiceState } from "../cluster/state";
import type { ChosenService, Context } from "../context";
import { explain } from "../errors";
import { readRecord, type EngineRecord } from "../operations/record";
import { readEngine, recordedLive } from "./engine";
import type { CertificateState, GuardState, Looked, ServiceSnapshot, Snapshot } from "./snapshot";

/** @throws UnreachableError where the API server does not answer. */
export async function collect(context: Context): Promise<Snapshot> {
  const { stack, settings, cluster } = context;
  const record = await readRecord(stack);
  const [services, nodes, guard, engine] = await Promise.all([
    Promise.all(context.services.map((service) => lookAtService(context, service, record))),
    look(readNodes(cluster)),
    look(lookAtGuard(cluster, settings.namespace)),
    readEngine(stack, record),
  ]);
  return { now: new Date(), settings, services, nodes, guard, engine };
}

/** What may be refused to who runs this, without the rest being worthless. */
async function look<T>(request: Promise<T>): Promise<Looked<T>> {
  try {
    return { ok: true, value: await request };
  } catch (error) {
    const explained = explain(error);
    if (explained === undefined || error instanceof UnreachableError) throw error;
    return { ok: false, problem: explained.message };
  }
}

async function lookAtService(
  { cluster, settings }: Context,
  { name, settings: service, configured }: ChosenService,
  record: EngineRecord,
): Promise<ServiceSnapshot> {
  const { namespace } = settings;
  const state = await readService(cluster, namespace, name);
  const [evidence, certificates] = await Promise.all([
    readEvidence(cluster, namespace, state),
    service.tls === undefined ? {} : readCertificates(cluster, namespace, state),
  ]);
  const recorded = recordedLive(record, name);
  return { name, settings: service, configured, state, recorded, evidence, certificates };
}

/** How many lines of each kind are shown. */
const lines = 5;

/** The last events and log lines of the Pods that are not ready. */
async function readEvidence(
  cluster: Cluster,
  namespace: string,
  { colors: states }: ServiceState,
): Promise<ServiceSnapshot["evidence"]> {
  const troubled = colors.flatMap((color) => states[color].pods).filter(({ trouble }) => trouble !== undefined);
  const evidence = troubled.map(async ({ name, restarts }) => {
    const [events, log] = await Promise.all([
      readEvents(cluster, namespace, name),
      // Where it has crashed, the last words are those of the container before.
      readLog(cluster, namespace, name, restarts > 0),
    ]);
    return [name, [...events, ...log]] as const;
  });
  return Object.fromEntries(await Promise.all(evidence));
}

async function readEvents(cluster: Cluster, namespace: string, pod: string): Promise<string[]> {
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${pod},type=Warning`;
  const { items } = await cluster.core.listNamespacedEvent({ namespace, fieldSelector }).catch(() => ({ items: [] }));
  return items.slice(-lines).map(({ reason = "", message = "" }) => `event ${reason}: ${message.trim()}`);
}

async function readLog(cluster: Cluster, namespace: string, name: string, previous: boolean): Promise<string[]> {
  // A container that never ran has no log, and the API server says so by an error.
  const log = await cluster.core.readNamespacedPodLog({ namespace, name, previous, tailLines: lines }).catch(() => "");
  return log.split("\n").flatMap((line) => (line.trim() === "" ? [] : [`log: ${line}`]));
}

async function lookAtGuard({ admission, ...cluster }: Cluster, namespace: string): Promise<GuardState> {
  const whole = { admission, ...cluster };
  const missing = await Promise.all(
    guardPolicyNames(namespace).flatMap((name) => [
      found(whole, `read the guard's policy ${name}`, admission.readValidatingAdmissionPolicy({ name })).then(
        (policy) => (policy === undefined ? [`policy ${name}`] : []),
      ),
      found(whole, `read the guard's binding ${name}`, admission.readValidatingAdmissionPolicyBinding({ name })).then(
        (binding) => (binding === undefined ? [`binding ${name}`] : []),
      ),
    ]),
  );
  return { missing: missing.flat() };
}

async function readCertificates(
  cluster: Cluster,
  namespace: string,
  { ingress, previewIngress }: ServiceState,
): Promise<Record<string, CertificateState>> {
  const entries = [ingress, previewIngress].flatMap((each) => each?.tls ?? []);
  const names = new Set(entries.flatMap(({ secretName }) => secretName ?? []));
  const states = [...names].map(async (name) => [name, await readCertificate(cluster, namespace, name)] as const);
  return Object.fromEntries(await Promise.all(states));
}

async function readCertificate(cluster: Cluster, namespace: string, name: string): Promise<CertificateState> {
  const request = cluster.core.readNamespacedSecret({ namespace, name });
  const looked = await look(found(cluster, `read Secret ${name} in namespace ${namespace}`, request));
  if (!looked.ok) return { kind: "unreadable", problem: looked.problem };
  const encoded = looked.value?.data?.["tls.crt"];
  return encoded === undefined ? { kind: "missing" } : certificateState(Buffer.from(encoded, "base64"));
}

/** @param pem The certificate chain, its own certificate first. */
export function certificateState(pem: Buffer): CertificateState {
  try {
    const certificate = new X509Certificate(pem);
    return {
      kind: "present",
      expires: certificate.validToDate,
      covers: (host) => certificate.checkHost(host) !== undefined,
    };
  } catch (error) {
    return { kind: "unreadable", problem: `it holds no certificate (${error instanceof Error ? error.message : ""})` };
  }
}
