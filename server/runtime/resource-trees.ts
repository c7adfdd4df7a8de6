import { LRUCache } from "lru-cache";
import type { Resources } from "./types.ts";
import { buildTree, type DirectoryNode, type PackagedFile } from "./wasi/files.ts";

const MIB = 1_048_576;
/** Of one package at most 32 MiB; threads share the files' bytes, and each keeps them from being let go. */
const trees = new LRUCache<string, { readonly tree: DirectoryNode; readonly bytes: number }>({
  maxSize: 32 * MIB,
  sizeCalculation: ({ bytes }) => bytes,
});
/** What a step of a path takes in the tree. */
const STEP_BYTES = 1_024;
const bytesOf = ({ path, bytes }: PackagedFile) => bytes.length + path.split("/").length * STEP_BYTES;

/** The directory of a version's files, made once in a thread: nobody can change it. */
export function treeOf(resources: Resources | undefined): DirectoryNode | null {
  if (resources === undefined) return null;
  const known = trees.get(resources.digest);
  if (known !== undefined) return known.tree;
  const tree = buildTree(resources.files);
  const bytes = resources.files.reduce((total, file) => total + bytesOf(file), 0);
  if (tree !== null) trees.set(resources.digest, { tree, bytes });
  return tree;
}
