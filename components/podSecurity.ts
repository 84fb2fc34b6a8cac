/** What every Pod of ours gives up, as the standard `restricted` of Kubernetes' Pod security wants it. */

/** The user and group that the images run as; it owns nothing outside its own volumes. */
export const userId = 10001;

/** Of the Pod. */
export const restrictedPod = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Of each container. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
