/** The requests of Auto Scaling, CloudWatch and Budgets. */
import { byPrefix, type Mappings } from "./mapping";

export const watch: Mappings = {
  "aws:autoscaling/schedule:Schedule": {
    calls: [{ service: "autoscaling", operation: "PutScheduledUpdateGroupAction" }],
  },
  "aws:autoscaling/tag:Tag": {
    calls: [
      {
        service: "autoscaling",
        operation: "CreateOrUpdateTags",
        names: { autoscalingGroupName: "Tags[].ResourceId", tag: "Tags" },
      },
    ],
  },

  "aws:cloudwatch/logGroup:LogGroup": {
    calls: [
      { service: "logs", operation: "CreateLogGroup", names: { name: "logGroupName" }, given: ["logGroupName"] },
      {
        service: "logs",
        operation: "PutRetentionPolicy",
        names: { retentionInDays: "retentionInDays" },
        given: ["logGroupName"],
      },
    ],
    own: { ...byPrefix, skipDestroy: "it says how to delete" },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    calls: [
      {
        service: "cloudwatch",
        operation: "PutMetricAlarm",
        names: { name: "AlarmName", metricQueries: "Metrics" },
        given: ["AlarmName"],
      },
    ],
  },

  "aws:budgets/budget:Budget": {
    calls: [
      {
        service: "budgets",
        operation: "CreateBudget",
        into: "Budget",
        names: {
          accountId: "AccountId",
          limitAmount: "Budget.BudgetLimit.Amount",
          limitUnit: "Budget.BudgetLimit.Unit",
          name: "Budget.BudgetName",
          tags: "ResourceTags",
        },
        given: ["AccountId", "Budget.BudgetName"],
      },
      { service: "budgets", operation: "CreateNotification", names: { notifications: "[]" } },
    ],
    own: {
      ...byPrefix,
      costFilters: "the provider makes an object of the list",
      plannedLimits: "the provider makes an object of the list",
      timePeriodEnd: "the provider has a form of its own for it",
      timePeriodStart: "the provider has a form of its own for it",
    },
  },
};
