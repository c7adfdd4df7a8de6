import { expect, test } from "vitest";
import { addressSubject } from "./count-address.ts";

const hexOf = (address: string) => {
  const subject = addressSubject(address);
  return subject === null ? null : Buffer.from(subject).toString("hex");
};

test.each([
  ["1.2.3.4", "01020304"],
  ["0.0.0.0", "00000000"],
  ["255.255.255.255", "ffffffff"],
])("the IPv4 address %s is counted whole", (address, subject) => {
  expect(hexOf(address)).toBe(subject);
});

test.each([
  "::ffff:1.2.3.4",
  "::FFFF:1.2.3.4",
  "::ffff:102:304",
  "0:0:0:0:0:ffff:1.2.3.4",
  "::ffff:1.2.3.4%eth0",
])("%s, an IPv4 address on an IPv6 socket, is counted as IPv4", (address) => {
  expect(hexOf(address)).toBe(hexOf("1.2.3.4"));
});

test.each([
  ["2001:db8:1:2:3:4:5:6", "20010db800010002"],
  ["2001:db8:1:2::", "20010db800010002"],
  ["2001:DB8:0001:0002:ffff:ffff:ffff:ffff", "20010db800010002"],
  ["2001:db8::5", "20010db800000000"],
  ["2001::2:3:4:5:6", "2001000000000002"],
  ["1:2:3:4:5:6:7::", "0001000200030004"],
  ["::2:3:4:5:6:7:8", "0000000200030004"],
  ["64:ff9b::1.2.3.4", "0064ff9b00000000"],
  ["::1", "0000000000000000"],
  ["::", "0000000000000000"],
])("the IPv6 address %s is counted by its /64", (address, subject) => {
  expect(hexOf(address)).toBe(subject);
});

test("neighbours in the next /64 are counted apart", () => {
  expect(hexOf("2001:db8:1:3::1")).not.toBe(hexOf("2001:db8:1:2::1"));
});

test("a zone does not change whom an address belongs to", () => {
  expect(hexOf("fe80::1%eth0")).toBe("fe80000000000000");
  expect(hexOf("2001:db8:1:2::1%2")).toBe(hexOf("2001:db8:1:2::1"));
});

test("an IPv4 address and an IPv6 one never share a count", () => {
  expect(hexOf("32.1.13.184")).toBe("20010db8");
  expect(hexOf("2001:db8::")).not.toBe("20010db8");
});

test.each([
  "",
  " ",
  "unknown",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "01.2.3.4",
  "1.2.3.4 ",
  "1.2.3.4:80",
  "[::1]",
  "::1::2",
  "12345::",
  "::ffff:1.2.3.256",
  "1:2:3:4:5:6:7:8:9",
  "localhost",
  "1.2.3.4, 5.6.7.8",
])("%j is no address", (text) => {
  expect(addressSubject(text)).toBeNull();
});
