/**
 * The engine's way to hear of an object that exists and is not ready: a gRPC error with the object inside. The engine
 * then keeps it in the state together with the reasons, and updates it again next time, changed or not.
 */
import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { toStruct, type Values } from "../shared/values";

export class InitFailure extends Error {
  /** Read by gRPC when the error ends a call. */
  readonly metadata: grpc.Metadata;

  constructor(failure: { id: string; outputs: Values; inputs: Values; reasons: readonly string[] }) {
    super(failure.reasons.join("\n"));
    const detail = new ErrorResourceInitFailed()
      .setId(failure.id)
      .setProperties(toStruct(failure.outputs))
      .setInputs(toStruct(failure.inputs))
      .setReasonsList([...failure.reasons]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(this.message).setDetailsList([any]);
    this.metadata = new grpc.Metadata();
    this.metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
}
