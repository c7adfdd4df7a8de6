import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Platform } from "../../context.ts";
import { countAddress as count } from "../../db/requests.ts";
import { RateLimited } from "../../errors.ts";

/** The eight groups of an IPv6 address as numbers. */
function groupsOf(address: string): number[] {
  const [head = "", tail = ""] = address.split("::");
  const parse = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const left = parse(head);
  const right = parse(tail);
  return [...left, ...new Array<number>(Math.max(8 - left.length - right.length, 0)).fill(0), ...right];
}

/** The address with a dotted tail, as in `::ffff:1.2.3.4`, written as two groups. */
function hexOnly(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}

/**
 * What a rate counts for an address: an IPv4 address whole, an IPv6 one by its /64, which is what one person has.
 * Null for what is no address.
 */
export function addressSubject(address: string): Uint8Array | null {
  if (isIPv4(address)) return Uint8Array.from(address.split(".").map(Number));
  const bare = address.replace(/%.*$/, "");
  if (!isIPv6(bare)) return null;
  const groups = groupsOf(hexOnly(new SocketAddress({ address: bare, family: "ipv6" }).address));
  const bytes = groups.flatMap((group) => [group >> 8, group & 0xff]);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return Uint8Array.from(isMapped ? bytes.slice(12) : bytes.slice(0, 8));
}

/** Counts a request without valid credentials. All that is no address shares one count. @throws RateLimited */
export async function countAddress(platform: Platform, address: string): Promise<void> {
  const { db, config, clock, metrics } = platform;
  const subject = addressSubject(address) ?? new Uint8Array();
  const rate = await count(db.sql, subject, config.RATE_LIMIT_ADDRESS_RPM, clock.offsetMs);
  if (!rate.isOver) return;
  metrics.rateLimited.inc({ subject: "address" });
  throw new RateLimited({ limit: config.RATE_LIMIT_ADDRESS_RPM, resetMs: rate.resetMs });
}
