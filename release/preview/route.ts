/** Which colour a route names, in a resource's inputs as the engine has them. */
import { colors, type Color } from "../../components/colors";
import { stackName } from "../../components/labels";
import { ingressBackend, serviceColor } from "../../components/routeGuard";
import { at } from "../../components/values";

/** @param name Of the resource: `<service>-route-ingress`, or `<service>-route-live`, which is a Service. */
export function colorOfRoute(service: string, name: string, inputs: unknown): Color | undefined {
  const value = at(inputs, name.endsWith("-live") ? serviceColor : ingressBackend);
  return colors.find((color) => value === color || value === stackName(service, color));
}
