import { expect, test } from "vitest";
import { buildTree, lookUp, type DirectoryNode, type PackagedFile } from "./files.ts";

const file = (path: string, text = path): PackagedFile => ({ path, bytes: Buffer.from(text) });

function treeOf(...paths: string[]): DirectoryNode {
  const tree = buildTree(paths.map((path) => file(path)));
  if (tree === null) throw new Error("there is no tree");
  return tree;
}
const tree = treeOf("resources/a.txt", "resources/d/b.txt", "resources/d/e/c.txt");
const find = (path: string, from = tree) => {
  const found = lookUp(from, path);
  if (typeof found === "string") return found;
  return found.kind === "file" ? Buffer.from(found.bytes).toString() : "directory";
};
const directory = (path: string): DirectoryNode => {
  const found = lookUp(tree, path);
  if (typeof found === "string" || found.kind !== "directory") throw new Error(`${path} is no directory`);
  return found;
};

test("no files are no tree", () => {
  expect(buildTree([])).toBeNull();
});

test.each([
  ["a.txt", "resources/a.txt"],
  ["./a.txt", "resources/a.txt"],
  ["d/b.txt", "resources/d/b.txt"],
  ["d//b.txt", "resources/d/b.txt"],
  ["d/./e/../b.txt", "resources/d/b.txt"],
  ["d/../a.txt", "resources/a.txt"],
  ["d/e/c.txt", "resources/d/e/c.txt"],
  [".", "directory"],
  ["d", "directory"],
  ["d/", "directory"],
  ["d/e/..", "directory"],
])("%s leads to %s", (path, found) => {
  expect(find(path)).toBe(found);
});

test.each([
  ["", "noent"],
  ["b.txt", "noent"],
  ["D/b.txt", "noent"],
  ["d/x/../b.txt", "noent"],
  ["a.txt/..", "notdir"],
  ["a.txt/b", "notdir"],
  ["..", "notcapable"],
  ["../resources/a.txt", "notcapable"],
  ["d/../../a.txt", "notcapable"],
  ["d/e/../../../a.txt", "notcapable"],
  ["/", "notcapable"],
  ["/a.txt", "notcapable"],
  ["/etc/passwd", "notcapable"],
  ["a.txt\0", "ilseq"],
  ["\ufffd", "ilseq"],
  ["__proto__", "noent"],
  ["constructor", "noent"],
  ["toString", "noent"],
])("%j leads nowhere: %s", (path, why) => {
  expect(find(path)).toBe(why);
});

test("from a directory inside, the way up ends at the root", () => {
  expect(find("../a.txt", directory("d"))).toBe("resources/a.txt");
  expect(find("../../a.txt", directory("d"))).toBe("notcapable");
  expect(find("../../a.txt", directory("d/e"))).toBe("resources/a.txt");
});

test("entries are in the order of their names' bytes and have inodes of their own, in whatever order they were packed", () => {
  const names = [
    "resources/z",
    "resources/a/y",
    "resources/B",
    "resources/a/x",
    "resources/ä",
    "resources/_",
  ];
  const [one, other] = [treeOf(...names), treeOf(...[...names].reverse())];
  expect([...one.entries.keys()]).toEqual(["B", "_", "a", "z", "ä"]);
  const inodes = (root: DirectoryNode): bigint[] => [
    root.inode,
    ...[...root.entries.values()].flatMap((node) => (node.kind === "file" ? [node.inode] : inodes(node))),
  ];
  expect(inodes(other)).toEqual(inodes(one));
  expect(new Set(inodes(one)).size).toBe(8);
});

test("a file below a file is a mistake", () => {
  expect(() => buildTree([file("resources/a"), file("resources/a/b")])).toThrow("lies below a file");
});
