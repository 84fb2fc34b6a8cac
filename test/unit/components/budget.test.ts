import { expect, it } from "vitest";
import { Budget } from "../../../components/budget";
import { record } from "../../support/mocks";

it("a budget counts what carries the stack's tag, and tells at 80 % by forecast and at 100 % spent", async () => {
  const emails = ["platform@example.com", "finance@example.com"];
  const args = { monthlyUsd: 60000, emails, tag: { key: "stack", value: "prod" } };
  const { graph } = await record(() => new Budget("budget", args));
  const notice = (notificationType: string, threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberEmailAddresses: emails,
  });
  expect(graph.one("Budget", "budget-monthly").inputs).toEqual({
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "60000",
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: ["user:stack$prod"] }],
    notifications: [notice("FORECASTED", 80), notice("ACTUAL", 100)],
  });
});
