/** `release diff`. */
import { colors } from "../../components/colors";
import { readService } from "../cluster/read";
import { openContext } from "../context";
import type { CommonOptions } from "../options";
import { colorName, paint } from "../render/colors";
import { table } from "../render/table";
import { differencesOf, type Difference, type ServiceDifferences } from "./differences";

export async function diff(options: CommonOptions): Promise<void> {
  const { stack, cluster, settings, services, output } = await openContext(options);
  const found = await Promise.all(
    services.map(async (service) =>
      differencesOf(service.settings, await readService(cluster, settings.namespace, service.name)),
    ),
  );
  output.result({ stack: stack.name, services: found }, () => found.map(renderDifferences).join("\n\n"));
}

export function renderDifferences({ service, live, configured, deployed, pending }: ServiceDifferences): string {
  const head = colors.map((color) => `${color.toUpperCase()}${color === live ? " (live)" : ""}`);
  const section = (title: string, differences: readonly Difference[]) =>
    differences.length === 0
      ? `  ${title}: no difference`
      : table(
          [title, ...head],
          differences.map(({ key, blue, green }) => [key, show(blue), show(green)]),
          "  ",
        );
  const next =
    pending.length === 0
      ? []
      : [
          table(
            ["NEXT UPDATE", "OF", "DEPLOYED", "CONFIGURED"],
            pending.map((each) => [each.key, colorName(each.color), show(each.deployed), show(each.configured)]),
            "  ",
          ),
        ];
  return [
    `${paint.bold(service)}  live: ${live === null ? paint.red("unknown") : colorName(live)}`,
    section("CONFIGURED", configured),
    section("DEPLOYED", deployed),
    ...next,
  ].join("\n\n");
}

const longest = 60;

function show(value: unknown): string {
  if (value === null) return "-";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}
