import { expect, test } from "vitest";
import { endpointOf, versionInEndpoint } from "./endpoint.js";

test.each([
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000/admin/api/2026-10/graphql.json", true],
  ["http://localhost:4000/", "http://localhost:4000/admin/api/2026-10/graphql.json", true],
  ["http://[::1]:4000/graphql", "http://[::1]:4000/graphql", true],
  ["https://proxy.example/graphql", "https://proxy.example/graphql", false],
  ["https://127.0.0.1.example/", "https://127.0.0.1.example/admin/api/2026-10/graphql.json", false],
  ["https://localhost.example/x", "https://localhost.example/x", false],
  ["nonsense", "nonsense", false],
])("%s is %s, on this machine: %s", (text, url, isLocal) => {
  expect(endpointOf(text, "2026-10")).toEqual({ url, isLocal });
});

test("an endpoint may name its version", () => {
  expect(versionInEndpoint("https://a.example/admin/api/2026-01/graphql.json")).toBe("2026-01");
  expect(versionInEndpoint("https://a.example/graphql")).toBeNull();
});
