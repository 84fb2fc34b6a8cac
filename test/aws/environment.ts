/** Sends the SDK's clients, of this process and of those it starts, to the stand-in. */
import { inject } from "vitest";

process.env["AWS_ENDPOINT_URL"] = inject("awsUrl");
process.env["AWS_ACCESS_KEY_ID"] = "testing";
process.env["AWS_SECRET_ACCESS_KEY"] = "testing";
process.env["AWS_REGION"] = "eu-west-1";
