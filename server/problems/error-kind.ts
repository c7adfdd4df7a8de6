export type Category = "NETWORK_RETRYABLE" | "PERM_CONFIG" | "TRANSIENT_RUNTIME" | "PERM_RUNTIME";

export interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly category: Category;
  readonly explanation: string;
  readonly remedy: string;
}
