/** What AWS refuses of inputs that are right one by one: its models say nothing of it. */
import type { Failure } from "../../shared/provider";
import { isObject, type Value, type Values } from "../../shared/values";

type Check = (inputs: Values) => Failure[];

export const together: Readonly<Record<string, Check>> = {
  // Sources: docs.aws.amazon.com/eks, CreateNodegroup, and "Customize managed nodes with launch templates".
  "aws:eks/nodeGroup:NodeGroup": ({ scalingConfig, updateConfig, launchTemplate, diskSize, remoteAccess }) => {
    const { minSize, desiredSize, maxSize } = isObject(scalingConfig) ? scalingConfig : {};
    return [
      ...inOrder("scalingConfig", { minSize, desiredSize, maxSize }),
      ...onlyOne("updateConfig", updateConfig, ["maxUnavailable", "maxUnavailablePercentage"]),
      ...Object.entries({ diskSize, remoteAccess }).flatMap(([property, value]) =>
        value !== undefined && launchTemplate !== undefined
          ? [{ property, reason: "AWS takes it in the launch template alone where there is one" }]
          : [],
      ),
    ];
  },
  // Source: docs.aws.amazon.com/autoscaling, PutScheduledUpdateGroupAction.
  "aws:autoscaling/schedule:Schedule": ({ minSize, desiredCapacity, maxSize }) =>
    inOrder("", { minSize, desiredCapacity, maxSize }),
};

/** Sizes of which none may be above the next; -1 is the provider's way to leave one as it is. */
function inOrder(parent: string, sizes: Readonly<Record<string, Value | undefined>>): Failure[] {
  const known = Object.entries(sizes).flatMap(([name, size]) =>
    typeof size === "number" && size !== -1 ? [{ name, size }] : [],
  );
  return known.slice(1).flatMap(({ name, size }, index) => {
    const before = known[index];
    if (before === undefined || before.size <= size) return [];
    const property = parent === "" ? name : `${parent}.${name}`;
    return [{ property, reason: `${size} is not accepted; AWS takes no less than ${before.name}, ${before.size}` }];
  });
}

function onlyOne(property: string, value: Value | undefined, names: readonly string[]): Failure[] {
  const given = names.filter((name) => isObject(value) && name in value);
  return given.length > 1 ? [{ property, reason: `has ${given.join(" and ")}; AWS takes one of them` }] : [];
}
