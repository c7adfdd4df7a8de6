import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Platform } from "../../context.ts";
import { countAddress as count } from "../../db/requests.ts";
import { RateLimited } from "../../errors.ts";

const V4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The eight groups of an IPv6 address as numbers. */
function groupsOf(address: string): number[] {
  const [head = "", tail = ""] = address.split("::");
  const parse = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const left = parse(head);
  const right = parse(tail);
  return [...left, ...new Array<number>(Math.max(8 - left.length - right.length, 0)).fill(0), ...right];
}

/**
 * What a rate counts for an address: an IPv4 address whole, an IPv6 one by its /64, which is what one person has.
 * Null for what is no address.
 */
export function addressSubject(address: string): Uint8Array | null {
  const mapped = V4_MAPPED.exec(address)?.[1] ?? address;
  if (isIPv4(mapped)) return Uint8Array.from(mapped.split(".").map(Number));
  if (!isIPv6(mapped)) return null;
  const canonical = new SocketAddress({ address: mapped.replace(/%.*$/, ""), family: "ipv6" }).address;
  return Uint8Array.from(
    groupsOf(canonical)
      .slice(0, 4)
      .flatMap((group) => [group >> 8, group & 0xff]),
  );
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
