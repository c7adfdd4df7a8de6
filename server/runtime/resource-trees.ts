import { LRUCache } from "lru-cache";
import type { Resources } from "./types.ts";
import { buildTree, type DirectoryNode } from "./wasi/files.ts";

const trees = new LRUCache<string, DirectoryNode>({ max: 64 });

/** The directory of a version's files, made once in a thread: nobody can change it. */
export function treeOf(resources: Resources | undefined): DirectoryNode | null {
  if (resources === undefined) return null;
  const known = trees.get(resources.digest);
  if (known !== undefined) return known;
  const tree = buildTree(resources.files);
  if (tree !== null) trees.set(resources.digest, tree);
  return tree;
}
