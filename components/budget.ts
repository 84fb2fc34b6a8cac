/** Mails when the month becomes dearer than it should. It tells and does not stop anything. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface BudgetArgs {
  /** What a month may cost, in USD. */
  monthlyUsd: number;
  /** Whom to tell: one to ten addresses. */
  emails: string[];
  /**
   * What to count: all that carries this tag, such as `stack` and `prod`. The tag has to be activated once for cost
   * allocation in the account that pays; until then the budget counts nothing.
   */
  tag: { key: string; value: string };
}

/** When to tell: the forecast comes while there is still time to do something, and needs five weeks of history. */
const notices = [
  { notificationType: "FORECASTED", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
];

export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:Budget", name, {}, opts);
    const { monthlyUsd, emails, tag } = args;
    new aws.budgets.Budget(
      `${name}-monthly`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(monthlyUsd),
        limitUnit: "USD",
        // AWS writes a tag of one's own as user:<key>$<value>.
        costFilters: [{ name: "TagKeyValue", values: [`user:${tag.key}$${tag.value}`] }],
        notifications: notices.map((notice) => ({
          ...notice,
          thresholdType: "PERCENTAGE",
          comparisonOperator: "GREATER_THAN",
          subscriberEmailAddresses: emails,
        })),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
