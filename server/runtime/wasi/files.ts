/** The packaged files a program may read: a tree of directories made from their paths, the same for every run. */

export interface PackagedFile {
  /** Relative, such as `resources/words.txt`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface FileNode {
  readonly kind: "file";
  readonly inode: bigint;
  readonly bytes: Uint8Array;
}

export interface DirectoryNode {
  readonly kind: "directory";
  readonly inode: bigint;
  /** Null for the root that the program gets. */
  readonly parent: DirectoryNode | null;
  readonly entries: Map<string, FileNode | DirectoryNode>;
  /** `.`, `..`, then the entries in the order of their names' bytes, so that listings are the same everywhere. */
  readonly listing: Entry[];
}

export type Node = FileNode | DirectoryNode;

/** A line of a listing. */
export interface Entry {
  readonly name: Uint8Array;
  readonly node: Node;
}

/** The folder of a package whose files a program sees, and the name under which it sees them. */
export const RESOURCES = "resources";

const byName = (a: PackagedFile, b: PackagedFile): number =>
  Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));

/** Builds the tree below `resources/`; null when nothing is there. */
export function buildTree(files: readonly PackagedFile[]): DirectoryNode | null {
  if (files.length === 0) return null;
  let inode = 1n;
  const directory = (parent: DirectoryNode | null): DirectoryNode => {
    const listing: Entry[] = [];
    const made: DirectoryNode = { kind: "directory", inode: inode++, parent, entries: new Map(), listing };
    listing.push({ name: Buffer.from("."), node: made }, { name: Buffer.from(".."), node: parent ?? made });
    return made;
  };
  const add = ({ entries, listing }: DirectoryNode, name: string, node: Node) => {
    entries.set(name, node);
    listing.push({ name: Buffer.from(name), node });
  };
  const root = directory(null);
  for (const { path, bytes } of [...files].sort(byName)) {
    const steps = path.split("/").slice(1);
    const name = steps.pop() ?? "";
    let at = root;
    for (const step of steps) {
      const known = at.entries.get(step);
      const next = known ?? directory(at);
      // Publishing refuses a path that is a file and a folder at once.
      if (next.kind !== "directory") throw new Error(`${path} lies below a file`);
      if (known === undefined) add(at, step, next);
      at = next;
    }
    add(at, name, { kind: "file", inode: inode++, bytes });
  }
  return root;
}

export type Lookup = Node | "noent" | "notdir" | "notcapable" | "ilseq";

/** Finds what a path names from a directory. It may not leave the root, by whatever way. */
export function lookUp(from: DirectoryNode, path: string): Lookup {
  if (path.includes("\0") || path.includes("\ufffd")) return "ilseq";
  if (path.startsWith("/")) return "notcapable";
  if (path === "") return "noent";
  let at: Node = from;
  for (const step of path.split("/")) {
    if (at.kind !== "directory") return "notdir";
    if (step === "" || step === ".") continue;
    const next: Node | null | undefined = step === ".." ? at.parent : at.entries.get(step);
    if (next === null) return "notcapable";
    if (next === undefined) return "noent";
    at = next;
  }
  return at;
}
