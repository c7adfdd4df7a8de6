/** A wire between the product and Postgres that a test can cut, at once or at the answer to a chosen statement. */
import { connect, createServer, type Socket } from "node:net";

export interface Proxy {
  /** The database's URL through the proxy. */
  readonly url: string;
  /** How many answers were lost as asked. */
  readonly lost: number;
  /** After `passed` others, the next batch of casts reaches the server, is carried out, and its answer never arrives. */
  loseNextAnswer(passed?: number): void;
  /** Cuts every connection and takes no new one. */
  goAway(): void;
  comeBack(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isAway = false;
  /** How many batches pass before the one whose answer is to be lost; null when none is. */
  let passing: number | null = null;
  let lost = 0;

  const cut = ([client, server]: readonly [Socket, Socket]) => {
    client.destroy();
    server.destroy();
  };
  const proxy = createServer((client) => {
    if (isAway) {
      client.destroy();
      return;
    }
    const server = connect(Number(target.port), target.hostname);
    const pair = [client, server] as const;
    /** The name of this connection's prepared statement: later calls carry the name only. */
    let statement: string | undefined;
    let isLosing = false;
    pairs.add(pair);
    client.on("data", (bytes) => {
      const text = bytes.toString("latin1");
      statement = /P....([a-z0-9]+)\0[^\0]*?\bmove_casts\(/s.exec(text)?.[1] ?? statement;
      // Bind of that statement, behind four bytes of length and the unnamed portal: now it will be carried out.
      if (passing !== null && statement !== undefined && new RegExp(`B[^]{4}\0${statement}\0`).test(text)) {
        isLosing = passing === 0;
        passing = isLosing ? null : passing - 1;
      }
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      // CommandComplete is in the answer: what was asked is done.
      if (!isLosing) client.write(bytes);
      else if (bytes.toString("latin1").includes("SELECT 1\0")) {
        lost += 1;
        cut(pair);
      }
    });
    for (const socket of pair) {
      socket.on("error", () => cut(pair));
      socket.on("close", () => {
        cut(pair);
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const url = new URL(databaseUrl);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    get lost() {
      return lost;
    },
    loseNextAnswer: (passed = 0) => {
      passing = passed;
    },
    goAway: () => {
      isAway = true;
      for (const pair of pairs) cut(pair);
    },
    comeBack: () => {
      isAway = false;
    },
    close: async () => {
      for (const pair of pairs) cut(pair);
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
