/** A GitHub on this machine: what a sign-in needs of it, over its own wire protocol. */
import { serve, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { registerAccessToken } from "./access-token.ts";
import { API_PATH, createApi } from "./api.ts";
import type { Application } from "./application.ts";
import { registerAuthorize } from "./authorize.ts";
import { Grants } from "./grants.ts";

export interface GithubOptions {
  readonly application: Application;
  /** 0 takes any port that is free. */
  readonly port: number;
  readonly nowMs?: () => number;
  /** How long the API takes for a person with whom it is slow. */
  readonly slowAnswerMs?: number;
}

export interface Github {
  readonly port: number;
  /** GITHUB_BASE_URL of the application. */
  readonly baseUrl: string;
  /** GITHUB_API_URL of the application. */
  readonly apiUrl: string;
  /** Ends it at once, with the answers it still owes. */
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const SLOW_ANSWER_MS = 30_000;

/** Where an emulator on this port is. */
export const githubUrls = (port: number): Pick<Github, "baseUrl" | "apiUrl"> => ({
  baseUrl: `http://${HOST}:${port}`,
  apiUrl: `http://${HOST}:${port}${API_PATH}`,
});

function listen(app: Hono, port: number): Promise<{ readonly server: ServerType; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: HOST }, (address) =>
      resolve({ server, port: address.port }),
    );
    server.once("error", reject);
  });
}

/** Starts the emulator, for this machine alone. @throws the reason why the port cannot be had */
export async function startGithub(options: GithubOptions): Promise<Github> {
  const { application, nowMs = Date.now, slowAnswerMs = SLOW_ANSWER_MS } = options;
  const grants = new Grants(nowMs);
  const app = new Hono();
  registerAuthorize(app, application, grants);
  registerAccessToken(app, application, grants);
  app.route(API_PATH, createApi(grants, slowAnswerMs));
  const { server, port } = await listen(app, options.port);
  return {
    port,
    ...githubUrls(port),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
