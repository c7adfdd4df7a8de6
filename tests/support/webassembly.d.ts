/** What engines have of exceptions and the library's types do not know yet. Source: WebAssembly JavaScript Interface. */
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- an opaque object of the engine's
  class Tag {
    constructor(type: { parameters: ValueType[] });
  }
  class Exception extends Error {
    constructor(tag: Tag, payload: readonly unknown[]);
  }
}
