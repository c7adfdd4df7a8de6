import { expect, test } from "vitest";
import { securityHeaders } from "./security-headers.ts";

test("where the product is reached over https, browsers are told to stay with it", () => {
  const overHttps = securityHeaders({ APP_URL: "https://spell.example" });
  for (const headers of [overHttps.forPrograms, overHttps.forPages("n")])
    expect(headers["Strict-Transport-Security"]).toBe("max-age=31536000; includeSubDomains");
  const overHttp = securityHeaders({ APP_URL: "http://localhost:3000" });
  expect(overHttp.forPrograms).not.toHaveProperty("Strict-Transport-Security");
});
