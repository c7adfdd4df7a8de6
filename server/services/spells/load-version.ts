import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { spellModules, spellResources, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import type { InputSchema, Resources } from "../../runtime/types.ts";
import { spellManifest } from "./manifest.ts";

/** What a cast needs of a version. It never changes, so it is read once a process. */
export interface SpellVersion {
  readonly name: string;
  readonly version: string;
  readonly memoryBytes: number;
  readonly wallMs: number;
  readonly contentType: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly inputSchema: InputSchema | null;
  readonly resources: Resources | null;
  /** Hex; names the prepared module. */
  readonly preparedDigest: string;
}

const REMEMBERED_VERSIONS = 10_000;
const REMEMBERED_BYTES = 256 * 1_048_576;
/** What a version takes beside its files, generously. */
const FACTS_BYTES = 16_384;
type Reads = Pick<Platform, "db">;
const remembered = new WeakMap<Platform["db"], LRUCache<string, SpellVersion>>();

function cacheOf({ db }: Reads): LRUCache<string, SpellVersion> {
  const cache =
    remembered.get(db) ??
    new LRUCache<string, SpellVersion>({
      max: REMEMBERED_VERSIONS,
      maxSize: REMEMBERED_BYTES,
      sizeCalculation: ({ resources }) =>
        (resources?.files ?? []).reduce((total, { bytes }) => total + bytes.length, FACTS_BYTES),
    });
  remembered.set(db, cache);
  return cache;
}

/** A buffer that threads share: a version's files are sent with each of its casts, and copied with none. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

async function readResources({ db }: Reads, versionId: string): Promise<Resources | null> {
  const files = await db.drizzle
    .select({ path: spellResources.path, bytes: spellResources.bytes })
    .from(spellResources)
    .where(eq(spellResources.versionId, versionId));
  if (files.length === 0) return null;
  return { digest: versionId, files: files.map(({ path, bytes }) => ({ path, bytes: shared(bytes) })) };
}

async function readVersion({ db }: Reads, versionId: string): Promise<SpellVersion> {
  const [row] = await db.drizzle
    .select({
      name: spells.name,
      version: spellVersions.version,
      memoryBytes: spellVersions.memoryBytes,
      wallMs: spellVersions.wallMs,
      contentType: spellVersions.contentType,
      manifest: spellVersions.manifest,
      preparedDigest: spellVersions.preparedDigest,
    })
    .from(spellVersions)
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(eq(spellVersions.id, versionId));
  if (row === undefined) throw new Error(`spell version ${versionId} was admitted and is not there`);
  const manifest = spellManifest.parse(JSON.parse(Buffer.from(row.manifest).toString()));
  const { args, env, input } = manifest;
  const schema = input.schema === true ? null : JSON.stringify(input.schema);
  return {
    ...row,
    args,
    env,
    resources: await readResources({ db }, versionId),
    inputSchema: schema === null ? null : { digest: versionId, json: schema },
    preparedDigest: Buffer.from(row.preparedDigest).toString("hex"),
  };
}

/** A version's facts, from memory after the first time. */
export async function loadVersion(reads: Reads, versionId: string): Promise<SpellVersion> {
  const cache = cacheOf(reads);
  const known = cache.get(versionId);
  if (known !== undefined) return known;
  const version = await readVersion(reads, versionId);
  cache.set(versionId, version);
  return version;
}

/** The bytes of a prepared module. */
export async function readModule({ db }: Reads, preparedDigest: string): Promise<Uint8Array> {
  const [row] = await db.drizzle
    .select({ bytes: spellModules.bytes })
    .from(spellModules)
    .where(eq(spellModules.digest, Buffer.from(preparedDigest, "hex")));
  if (row === undefined) throw new Error(`module ${preparedDigest} of a published version is not there`);
  return row.bytes;
}
