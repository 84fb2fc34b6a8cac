import { describe, expect, it } from "vitest";
import type { Color } from "../../../components/colors";
import { renderApplied, switchesBetween } from "../../../release/operations/apply";
import { differentKeys, documented } from "../../support/releaseCommand";
import { imageOf, theService, theSettings } from "../../support/states";

const guard = { groups: ["releasers"], contact: "#releases" };
const services = (service: Record<string, unknown> = {}) => [
  { name: "facefusion", settings: theService(theSettings({ guard }, service)) },
];
const at = (color: Color) => ({ facefusion: { color } });
const nowhere = { facefusion: { color: "unknown", reason: "there is no Ingress" } } as const;

describe("an update", () => {
  it("has moved the users who are on another colour after it", () => {
    expect(switchesBetween(at("blue"), at("green"), services())).toEqual([
      { service: "facefusion", from: "blue", to: "green", image: imageOf("green"), skipVerification: null },
    ]);
  });

  it("says why a colour went live unverified", () => {
    const skipVerification = { image: imageOf("green"), reason: "the certificate expires tonight" };
    const [switched] = switchesBetween(at("blue"), at("green"), services({ skipVerification }));
    expect(switched?.skipVerification).toBe("the certificate expires tonight");
  });

  it("has moved nobody where users are where they were, or where that cannot be told", () => {
    expect(switchesBetween(at("blue"), at("blue"), services())).toEqual([]);
    expect(switchesBetween(nowhere, at("blue"), services())).toEqual([]);
    expect(switchesBetween(at("blue"), nowhere, services())).toEqual([]);
    expect(switchesBetween({}, {}, services())).toEqual([]);
  });

  it("is told with what it has changed", () => {
    const changes = [{ name: "facefusion-route-ingress", type: "Ingress", op: "update" }] as const;
    const switched = switchesBetween(at("blue"), at("green"), services());
    expect(differentKeys({ stack: "prod", changes, switched }, documented("apply"))).toEqual([]);
    expect(renderApplied({ stack: "prod", changes, switched })).toBe(
      `Stack prod is updated: 1 resource changed.\nfacefusion: green is live with ${imageOf("green")}, instead of blue.`,
    );
    expect(renderApplied({ stack: "prod", changes: [], switched: [] })).toBe("Stack prod was as it should be.");
  });
});
