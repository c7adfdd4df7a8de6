/** Makes the script that the threads load. An image needs it: what makes it is not there where it runs. */
import { threadFile } from "../server/runtime/thread-file.ts";

const file = threadFile();
if (!file.endsWith(".cjs")) throw new Error("there is no esbuild to make the script of the threads");
