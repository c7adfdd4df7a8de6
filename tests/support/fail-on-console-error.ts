import { afterEach, beforeEach, expect, vi } from "vitest";

beforeEach(() => {
  vi.spyOn(console, "error");
});

afterEach(() => {
  // eslint-disable-next-line no-console -- the spy is what is looked at
  expect(console.error, "nothing may complain on the console").not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
