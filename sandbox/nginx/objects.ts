/** The objects in the cluster that the configuration is made of: the fields of each that matter here. */

export interface Metadata {
  name?: string;
  namespace?: string;
  uid?: string;
  annotations?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  /** The client gives a Date where it lists, and the API server's text where it watches. */
  creationTimestamp?: Date | string;
}

/** A Service and its port, by number or by name. */
export interface ServiceReference {
  name: string;
  port?: { name?: string; number?: number };
}

export interface IngressPath {
  path?: string;
  pathType: string;
  backend: { service?: ServiceReference };
}

export interface Ingress {
  metadata?: Metadata;
  spec?: {
    ingressClassName?: string;
    defaultBackend?: object;
    tls?: readonly { hosts?: readonly string[]; secretName?: string }[];
    rules?: readonly { host?: string; http?: { paths: readonly IngressPath[] } }[];
  };
  status?: { loadBalancer?: { ingress?: readonly { ip?: string }[] } };
}

export interface Service {
  metadata?: Metadata;
  spec?: { type?: string; clusterIP?: string; ports?: readonly ServicePort[] };
}

export interface ServicePort {
  name?: string;
  port: number;
}

export interface EndpointSlice {
  metadata?: Metadata;
  addressType: string;
  ports?: readonly { name?: string; port?: number }[];
  endpoints?: readonly { addresses: readonly string[]; conditions?: { ready?: boolean } }[];
}

/** Of type kubernetes.io/tls. */
export interface Secret {
  metadata?: Metadata;
  data?: Readonly<Record<string, string>>;
}

export interface Objects {
  ingresses: readonly Ingress[];
  services: readonly Service[];
  slices: readonly EndpointSlice[];
  secrets: readonly Secret[];
}
