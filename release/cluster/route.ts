/** Which colour a route really leads to: pure functions over what the API server holds. */
import type { V1Ingress, V1Service } from "@kubernetes/client-node";
import { colors, type Color } from "../../components/colors";
import { colorLabel, idleName, liveName, previewName, stackName } from "../../components/labels";
import type { IngressState, Target, Writer } from "./state";

/** Follows an Ingress of a service to the Pods of one colour, by the colour's Service or the one that moves. */
export function targetOf(
  service: string,
  name: string,
  ingress: V1Ingress | undefined,
  services: readonly V1Service[],
): Target {
  if (ingress === undefined) return unknown(`there is no Ingress ${name}`);
  const backend = backendOf(ingress);
  if (backend === undefined) return unknown(`Ingress ${name} does not send / of one host to one Service`);
  const found = services.find(({ metadata }) => metadata?.name === backend);
  if (found === undefined) return unknown(`Ingress ${name} leads to Service ${backend}, which does not exist`);
  const selected = selectedColor(service, found);
  if (selected === undefined) return unknown(`Service ${backend} selects no colour of ${service}`);
  const expected = colors.find((color) => backend === stackName(service, color));
  const moving = name === previewName(service) ? idleName(service) : liveName(service);
  if (expected === undefined ? backend !== moving : expected !== selected)
    return unknown(
      expected === undefined
        ? `Ingress ${name} leads to Service ${backend}, which is not one of this service's`
        : `Service ${backend} selects the Pods of ${selected}`,
    );
  return { color: selected };
}

/** The Service that an Ingress sends everything to; undefined where it does something else. */
export function backendOf(ingress: V1Ingress): string | undefined {
  const [rule, ...otherRules] = ingress.spec?.rules ?? [];
  const [path, ...otherPaths] = rule?.http?.paths ?? [];
  return otherRules.length + otherPaths.length === 0 && path?.path === "/" ? path.backend.service?.name : undefined;
}

export function ingressState(ingress: V1Ingress | undefined): IngressState | undefined {
  if (ingress === undefined) return undefined;
  const { metadata, spec, status } = ingress;
  return {
    name: metadata?.name ?? "",
    backend: backendOf(ingress),
    hosts: (spec?.rules ?? []).flatMap(({ host }) => host ?? []),
    addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => hostname ?? ip ?? []),
    className: spec?.ingressClassName,
    tls: (spec?.tls ?? []).map(({ hosts = [], secretName }) => ({ hosts, secretName })),
  };
}

/** Who wrote last what says the colour: the live Service where the Ingress leads to one, else the Ingress. */
export function routeWriter(
  service: string,
  ingress: V1Ingress | undefined,
  services: readonly V1Service[],
): Writer | undefined {
  const live = services.find(({ metadata }) => metadata?.name === liveName(service));
  const behindLive = ingress !== undefined && backendOf(ingress) === liveName(service);
  const fields = (behindLive ? live : ingress)?.metadata?.managedFields ?? [];
  const writer = fields
    .filter(({ subresource, fieldsV1 }) => subresource === undefined && fieldsV1 !== undefined && "f:spec" in fieldsV1)
    .toSorted((a, b) => Number(b.time ?? 0) - Number(a.time ?? 0))[0];
  return writer && { manager: writer.manager ?? "unknown", at: writer.time };
}

/** The colour whose Pods a Service selects. */
function selectedColor(service: string, { spec }: V1Service): Color | undefined {
  const selector = spec?.selector ?? {};
  if (selector["app.kubernetes.io/name"] !== service) return undefined;
  return colors.find((color) => selector[colorLabel] === color);
}

function unknown(reason: string): Target {
  return { color: "unknown", reason };
}
