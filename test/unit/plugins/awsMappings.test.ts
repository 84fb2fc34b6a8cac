/** The tables that say how inputs reach AWS are worth something only as long as they agree with both sides. */
import { beforeAll, describe, expect, it } from "vitest";
import { layouts } from "../../../sandbox/layout";
import { kinds } from "../../../sandbox/plugins/aws/kinds";
import { checkBy } from "../../../sandbox/plugins/aws/models/check";
import { mappings } from "../../../sandbox/plugins/aws/models/mappings";
import { readModels, requestOf, shapeOf, type Model, type Models } from "../../../sandbox/plugins/aws/models/model";
import { nested } from "../../../sandbox/plugins/aws/models/nested";
import { ensureModels } from "../../../sandbox/plugins/aws/models/obtain";
import { stepInto, stepsOf } from "../../../sandbox/plugins/aws/models/places";
import { regExp } from "../../../sandbox/plugins/aws/models/scalars";
import { texts } from "../../../sandbox/plugins/aws/models/texts";
import { together } from "../../../sandbox/plugins/aws/models/together";
import { everyInput } from "../../support/awsInputs";

let models: Models;

beforeAll(async () => {
  models = readModels(await ensureModels(layouts.test.cacheDir));
}, 120_000);

function modelOf(service: string): Model {
  const model = models[service];
  if (model === undefined) throw new Error(`no model of ${service}`);
  return model;
}

/** Throws where the model has no such way. */
function follow(service: string, shape: string, path: string): void {
  stepsOf(path).reduce((name, step) => stepInto(modelOf(service), name, step), shape);
}

it("every kind that the recorder plans is checked, and no other", () => {
  expect(Object.keys(mappings).sort()).toEqual(Object.keys(kinds).sort());
});

describe.each(Object.entries(mappings))("%s", (type, { calls, own }) => {
  it("names only members that the requests have", () => {
    for (const { service, operation, into = "", names = {}, given = [] } of calls)
      for (const path of [into, ...Object.values(names), ...given])
        follow(service, requestOf(modelOf(service), operation), path);
  });

  it("has a place for every input of the SDK, however deep, and for no other", () => {
    const every = everyInput(type);
    const lost = checkBy(models)(type, every).filter(({ reason }) =>
      /no such setting|missing|takes an object/.test(reason),
    );
    expect(lost).toEqual([]);
    for (const { names = {} } of calls) expect(Object.keys(every)).toEqual(expect.arrayContaining(Object.keys(names)));
    expect(Object.keys(every)).toEqual(expect.arrayContaining(Object.keys(own ?? {})));
  });
});

it.each(Object.entries(nested))(
  "inside of requests, %s has the members that are named",
  (place, { names = {}, given = [] }) => {
    const [service = "", shape = ""] = place.split(".");
    for (const path of [...Object.values(names), ...given]) follow(service, shape, path);
  },
);

it.each(Object.keys(texts))("%s, of which more is known than the model says, is there", (place) => {
  const [service = "", shape = "", member = ""] = place.split(".");
  expect(Object.keys(shapeOf(modelOf(service), shape).members ?? {})).toContain(member);
});

it("what is checked together belongs to kinds that the recorder plans", () => {
  expect(Object.keys(kinds)).toEqual(expect.arrayContaining(Object.keys(together)));
});

it("every pattern of the models can be used", () => {
  for (const { shapes } of Object.values(models))
    for (const { pattern } of Object.values(shapes))
      if (pattern !== undefined) expect(regExp(pattern)).toBeInstanceOf(RegExp);
});
