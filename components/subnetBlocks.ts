/** How a VPC's addresses are shared out. */

/** The address blocks of one zone, in CIDR notation. */
export interface ZoneBlocks {
  /** For nodes and Pods, an address each: an eighth of the VPC. */
  private: string;
  /** For NAT gateways and load balancers, which take few: 1/256 of the VPC, which leaves 11 addresses of a /20. */
  public: string;
}

/**
 * The blocks of each zone. They do not move when zones are added, and what is left between them is free for subnets of
 * other kinds.
 *
 * @param cidr From /16 to /20: AWS makes no subnet larger than /16 or smaller than /28.
 * @param zones At most seven.
 */
export function subnetBlocks(cidr: string, zones: number): ZoneBlocks[] {
  const [address = "", length = ""] = cidr.split("/");
  const prefix = Number(length);
  const eighth = 2 ** (32 - prefix - 3);
  const start = Math.floor(numberOf(address) / (8 * eighth)) * 8 * eighth;
  return Array.from({ length: zones }, (_, zone) => ({
    private: `${addressOf(start + zone * eighth)}/${prefix + 3}`,
    // The last eighth of the VPC, in parts of 1/32.
    public: `${addressOf(start + 7 * eighth + (zone * eighth) / 32)}/${prefix + 8}`,
  }));
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function addressOf(number: number): string {
  return [3, 2, 1, 0].map((place) => Math.floor(number / 256 ** place) % 256).join(".");
}
